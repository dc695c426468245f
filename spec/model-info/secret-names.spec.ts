import { MASK, redactExtras, redactModelInfo } from '../../lib/model-info/redact'
import { kindOfName } from '../../lib/model-info/secret-names'

const text = 'plain-text-value'
const lines = (table: string): string[] => table.trim().split(/\s+/)

/** Masked wherever they stand: in `litellm_params`, inside of it, beside it, and in `model_info`. */
const maskedNames = lines(`
  priv_key privkey tls_key tlsKey sshkey ssh_key enc_key smtp_pass ftp_pass user_pass proxy_pass dbPass admin_pass2
  basic_auth basicAuth proxy_auth keytab krb5_keytab qianfan_ak volc_sk VOLC_SK ak sk passw psw dbpw bindpw bind_pw
  pincode pin_code kubeconfig KUBECONFIG pgpass netrc mnemonic wallet_mnemonic p12 client_p12 pfx jwe saml
  saml_response code_verifier codeVerifier pkcs12 id_rsa nthash ntlm_hash salt_key kek unseal_key license_key
  passwort db-kennwort schluessel Schlüssel apiSchlüssel geheimnis zugangsdaten
  motdepasse mot_de_passe mdp clé cle cle_api jeton
  contraseña contrasena CONTRASEÑA clave clave_api secreto credenciales
  senha minha_senha chave chave_api segredo
  parola_chiave chiave segreto
  wachtwoord sleutel geheim apisleutel
  hasło haslo klucz klucz_api
  пароль пароль_бд ключ секрет
  密码 密钥 口令 令牌 数据库密码 密碼 金鑰
  パスワード 秘密鍵 鍵 トークン DBパスワード
  비밀번호 암호 키 API키 인증키
  parola sifre şifre ŞİFRE anahtar api_anahtarı
  lösenord losenord nyckel hemlighet passord adgangskode heslo salasana`)

/** Readable wherever they stand, with whatever text. */
const readableNames = lines(`
  max_retries keyword keywords keyboard keyed monkey turkey hockey tokenizer tokenized custom_tokenizer passthrough
  pass_through use_in_pass_through compass passenger bypass author authors secretary description licence license seed
  sort_key partition_key foreign_key public_key_id idempotency_key prompt_cache_key
  schlüsselwort schluesselwoerter mot_clé motsCles palabra_clave palavras_chave sleutelwoord słowa_kluczowe nyckelord
  anahtar_kelime キーワード 키워드 секретарь clearance conclave cleaner enclave chavez
  description_sk language_sk state_ak task desk risk mask ask flask break leak
  vertex_count_tokens_location token_type token_url auth_type jwt_issuer jwt_algorithm saml_provider group_key
  pinned spinner opinion shipping pincer month_ash spwan stoken_type hash database connection webhook_type`)

it.each(maskedNames)('masks text under %s', (name) => {
  expect(redactExtras({ [name]: text, a: { [name]: text } })).toEqual({ [name]: MASK, a: { [name]: MASK } })
  expect(redactModelInfo({ [name]: text, a: [{ [name]: text }] })).toEqual({
    [name]: MASK,
    a: [{ [name]: MASK }],
  })
})

it.each(readableNames)('shows text under %s', (name) => {
  expect(redactExtras({ [name]: text, a: { [name]: text } })).toEqual({ [name]: text, a: { [name]: text } })
  expect(redactModelInfo({ [name]: text })).toEqual({ [name]: text })
})

it.each(['passwort', 'mdp', 'senha', '비밀번호', 'pincode', 'smtp_pass'])(
  'a number under %s is masked',
  (name) => {
    expect(redactModelInfo({ [name]: 12345678 })).toEqual({ [name]: MASK })
  },
)

it.each([
  ['max_input_tokens', '128k'],
  ['max_input_tokens', '1M'],
  ['max_tokens', '32_768'],
  ['max_tokens', '8,192'],
  ['max_output_tokens', '4096 tokens'],
  ['token_limit', '100K tokens'],
  ['tokens_per_minute', '1.5e6'],
  ['input_tokens', '128 000'],
  ['max_tokens', 'unlimited'],
  ['max_tokens', 'none'],
  ['num_keys', '12'],
  ['key_count', '3'],
  ['default_api_key_limit', '10k'],
])('shows the count under %s: %s', (name, value) => {
  expect(redactExtras({ [name]: value, deep: { [name]: value } })).toEqual({
    [name]: value,
    deep: { [name]: value },
  })
})

it('shows the counts inside of an object of counts', () => {
  const limits = { token_limits: { input: '128k', output: 4096, unit: 'hunter22' } }
  expect(redactExtras(limits)).toEqual({ token_limits: { ...limits.token_limits, unit: MASK } })
})

it.each(['hunter22', 'sk-1234', '128k-abcdef', '1'.repeat(33)])(
  'masks %s in place of a count of tokens',
  (value) => {
    expect(redactExtras({ max_tokens: value })).toEqual({ max_tokens: MASK })
  },
)

it('takes names of the same letters for the same name, whatever their case, width and accents', () => {
  for (const name of ['contraseña', 'contrasen\u0303a', 'CONTRASEÑA', 'ｃｏｎｔｒａｓｅｎａ'])
    expect([name, kindOfName(name, 'info')]).toEqual([name, 'secret'])
})
