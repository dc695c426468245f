import type { Caller } from '../../lib/caller'
import { addressIn, defaultUrlPolicy } from '../../lib/registry/url-policy'

const teamAdmin: Caller = { userId: 'u', role: 'internal_user', teams: [{ id: 't', admin: true }] }
const admin: Caller = { userId: 'a', role: 'proxy_admin' }

const verdict = (url: string, caller = teamAdmin): true | string => defaultUrlPolicy(new URL(url), { caller })

describe('B13 where callers who are not administrators may send requests', () => {
  test.each([
    'https://api.openai.com/v1',
    'http://10.0.0.7:8000/v1',
    'http://localhost:11434',
    'http://localhost.:11434',
    'http://127.0.0.1./',
    'http://[2001:db8::1]/',
    'http://169.253.255.255/',
    'http://169.255.0.0/',
    'http://100.100.100.201/',
    'http://[fec0::1]/',
    'https://metadata.example.com/',
    'https://169.254.169.254.example.com/',
    'ws://realtime.example/v1',
    'wss://realtime.example/v1',
    'http://[::ffff:8.8.8.8]/',
    'http://[64:ff9b::8.8.8.8]/',
    'http://[64:ff9b:1::8.8.8.8]/',
    'http://[2002:808:808::1]/',
    'http://[2001:db8::5efe:808:808]/',
    'http://[2001:0:808:808::f7f7:f7f7]/',
    'http://[fd00:c1::a9fe:a9ff]/',
    'https://metadata.internal.example/',
  ])('%s is open', (url) => {
    expect(verdict(url)).toBe(true)
  })

  test.each([
    ['its address', 'http://169.254.169.254/latest/meta-data/'],
    ['a port', 'https://169.254.169.254:8443/'],
    ['the whole network', 'http://169.254.0.1/'],
    ['the last of the network', 'http://169.254.255.255/'],
    ['credentials of containers', 'http://169.254.170.2/v2/credentials'],
    ['decimal', 'http://2852039166/'],
    ['octal', 'http://0251.0376.0251.0376/'],
    ['hexadecimal', 'http://0xA9FEA9FE/'],
    ['a mixture', 'http://0xa9.254.0251.0xfe/'],
    ['three parts', 'http://169.254.43518/'],
    ['two parts', 'http://169.16689662/'],
    ['zeros in front', 'http://0000000251.0376.0251.0376/'],
    ['a dot behind', 'http://169.254.169.254./'],
    ['full-width digits', 'http://１６９.２５４.１６９.２５４/'],
    ['circled digits', 'http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/'],
    ['ideographic full stops', 'http://169。254。169。254/'],
    ['percent-encoding', 'http://%31%36%39.254.169.254/'],
    ['a soft hyphen', 'http://169.254.169.2\u00ad54/'],
    ['IPv4 in IPv6, mapped', 'http://[::ffff:169.254.169.254]/'],
    ['the same in hexadecimal', 'http://[::ffff:a9fe:a9fe]/'],
    ['the same in full', 'http://[0:0:0:0:0:FFFF:A9FE:A9FE]/'],
    ['compatible', 'http://[::169.254.169.254]/'],
    ['translated', 'http://[64:ff9b::169.254.169.254]/'],
    ['translated, within one network', 'http://[64:ff9b:1::169.254.169.254]/'],
    ['translated by SIIT', 'http://[::ffff:0:169.254.169.254]/'],
    ['tunnelled by 6to4', 'http://[2002:a9fe:a9fe::1]/'],
    ['IPv6, link-local', 'http://[fe80::1]/'],
    ['the end of link-local', 'http://[febf:ffff::1]/'],
    ["Amazon's by IPv6", 'http://[fd00:ec2::254]/'],
    ["Amazon's credentials of pods", 'http://[fd00:0ec2:0::23]/'],
    ["Google's by IPv6", 'http://[fd20:ce::254]/'],
    ["Oracle's by IPv6", 'http://[fd00:c1::a9fe:a9fe]/'],
    ["Scaleway's by IPv6", 'http://[fd00:42::42]/'],
    ["Scaleway's", 'http://169.254.42.42/'],
    ["tunnelled by Teredo, the client's", 'http://[2001:0:808:808:0:0:5601:5601]/'],
    ["tunnelled by Teredo, the server's", 'http://[2001:0:a9fe:a9fe::]/'],
    ["Alibaba's, tunnelled by Teredo", 'http://[2001::1:0:9b9b:9b37]/'],
    ['ISATAP', 'http://[2001:db8::5efe:a9fe:a9fe]/'],
    ['ISATAP, of a global address', 'http://[2001:db8::200:5efe:169.254.169.254]/'],
    ['ISATAP, of another network', 'http://[2001:db8:1:2:0:5efe:a83f:8110]/'],
    ['translated behind 48 bits', 'http://[64:ff9b:1:a9fe:a9:fe00::]/'],
    ['translated behind 56 bits', 'http://[64:ff9b:1:a9:fe:a9fe::]/'],
    ['translated behind 64 bits', 'http://[64:ff9b:1:1:a9:fea9:fe00:0]/'],
    ['translated behind 96 bits', 'http://[64:ff9b:1:1::a9fe:a9fe]/'],
    ["Alibaba's", 'http://100.100.100.200/latest/'],
    ["Alibaba's, mapped", 'http://[::ffff:100.100.100.200]/'],
    ["Alibaba's, in octal", 'http://0144.0144.0144.0310/'],
    ["Alibaba's, tunnelled", 'http://[2002:6464:64c8::]/'],
    ["Azure's host", 'http://168.63.129.16/'],
    ["Azure's host, decimal", 'http://2822734096/'],
    ["Azure's host, hexadecimal", 'http://0xa83f8110/'],
    ["Azure's host, mapped", 'http://[::ffff:a83f:8110]/'],
    ["Azure's host, a dot behind", 'http://168.63.129.16./'],
    ["Oracle's older one", 'http://192.0.0.192/'],
    ["Oracle's older one, in two parts", 'http://192.192/'],
    ["Oracle's older one, translated", 'http://[64:ff9b::192.0.0.192]/'],
    ['a user name before it', 'http://api.openai.com@169.254.169.254/'],
    ['a password before it', 'http://api.openai.com:443@169.254.169.254:80/'],
    ['a user name that is one too', 'http://169.254.169.253:x@169.254.169.254/'],
  ])('not a metadata service or a link-local address: %s', (_, url) => {
    expect(verdict(url)).toBe('it is a link-local address or the metadata service of a cloud')
  })

  test.each([
    'http://metadata.google.internal/computeMetadata/v1/',
    'http://METADATA.Google.Internal/',
    'http://metadata.google.internal./',
    'http://metadata.google.internal../',
    'http://ｍetadata.google.internal/',
    'http://metadata。google。internal/',
    'http://metadata/',
    'http://metadata.goog/',
    'http://api.openai.com@metadata.google.internal/',
    'http://metadata.google.internal:80/',
    'http://%6detadata.google.internal/',
    'http://metadata.google.inter\u00adnal/',
    'http://instance-data/',
    'http://instance-data.ec2.internal/',
    'http://metadata.azure.com/',
    'http://metadata.azure.internal/',
    'http://metadata.azure.microsoft.com/',
    'http://metadata.tencentyun.com/',
    'http://metadata.platformequinix.com/',
    'http://metadata.packet.net/',
    'http://metadata.oraclecloud.com/',
    'http://rancher-metadata/',
    'http://api.metadata.cloud.ibm.com/',
    'http://API.metadata.cloud.ibm.com./',
    'http://metadata.hetzner.cloud/',
    'http://metadata.exoscale.com/',
    'http://metadata.zone.google.internal/',
  ])('not a metadata service by its name: %s', (url) => {
    expect(verdict(url)).toBe('it is the metadata service of a cloud')
  })

  test.each([
    'file:///etc/passwd',
    'ftp://files.example/',
    'gopher://x/',
    'data:text/plain,x',
    'unix:///run/x.sock',
  ])('not by another scheme: %s', (url) => {
    expect(verdict(url)).toBe('its scheme is not http, https, ws or wss')
  })

  test('administrators anywhere', () => {
    for (const url of ['http://169.254.169.254/', 'file:///srv/model', 'http://metadata/'])
      expect(verdict(url, admin)).toBe(true)
  })
})

describe('a text as an address', () => {
  test.each([
    ['http://a.example/x', 'a.example', undefined],
    ['http://u:p@a.example/', 'a.example', 'it has a user name or a password before its host'],
    ['http://a.example@b.example/', 'b.example', 'it has a user name or a password before its host'],
    ['http://@b.example/', 'b.example', 'it has a user name or a password before its host'],
    ['http://a.example\\@b.example/', 'a.example', 'it has a backslash'],
    ['http:\\\\a.example/', 'a.example', 'it has a backslash'],
    [' http://a.example/', 'a.example', 'it has a blank or an invisible character'],
    ['ht\ttp://a.example/', 'a.example', 'it has a blank or an invisible character'],
    ['\u0001http://a.example/', 'a.example', 'it has a blank or an invisible character'],
    ['http://a.exa\nmple/', 'a.example', 'it has a blank or an invisible character'],
    ['http://a.exa\u200bmple/', 'a.example', 'it has a blank or an invisible character'],
    ['http:a.example/', 'a.example', 'its scheme is not followed by // and a host'],
    ['http:///a.example/', 'a.example', 'its scheme is not followed by // and a host'],
    ['my-azure-api-base', undefined, undefined],
    ['169.254.169.254', undefined, undefined],
    ['//a.example/', undefined, undefined],
    ['http://[fe80::1%25eth0]/', undefined, undefined],
    ['http://a b/', undefined, undefined],
    ['', undefined, undefined],
    ['ftp://a.example/', 'a.example', undefined],
    ['s3://bucket/x', 'bucket', undefined],
    ['custom:/a.example', undefined, undefined],
    ['x-https:a.example', undefined, undefined],
    ['ws:a.example', 'a.example', 'its scheme is not followed by // and a host'],
    ['https://a.example/?next=http:b', 'a.example', undefined],
    ['https://a.example/?next=//x@y', 'a.example', undefined],
    ['https://:@a.example/', 'a.example', 'it has a user name or a password before its host'],
  ])('%j', (text, host, oddity) => {
    const address = addressIn(text, false)
    expect([address?.url.hostname, address?.oddity]).toEqual([host, oddity])
  })

  test.each([
    ['169.254.169.254', '169.254.169.254'],
    ['169.254.169.254:80/x', '169.254.169.254'],
    ['0xa9fea9fe', '169.254.169.254'],
    ['localhost:6379', 'localhost'],
    ['//a.example/', 'a.example'],
    ['a.example/?next=http://b.example', 'a.example'],
    ['https://a.example/', 'a.example'],
  ])('%j where a bare host may stand', (text, host) => {
    expect(addressIn(text, true)?.url.hostname).toBe(host)
  })

  test.each([
    ['user@a.example', 'it has a user name or a password before its host'],
    [':word@a.example:80', 'it has a user name or a password before its host'],
    [' a.example ', 'it has a blank or an invisible character'],
  ])('%j is an odd one', (text, oddity) => {
    const address = addressIn(text, true)
    expect([address?.url.hostname, address?.oddity]).toEqual(['a.example', oddity])
  })
})
