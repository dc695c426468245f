import { plainLetters } from './name-words'

/** Found anywhere in a name, separators and case aside. */
export const secretParts = listed(`
  secret password passwd passphrase passcode credential authorization bearer privatekey
  apikey apitoken accesskey authkey masterkey signingkey encryptionkey sessionkey sharedkey accountkey subscriptionkey
  sastoken connectionstring connstr seedphrase seedword recoveryphrase recoverycode backupcode mnemonic pincode
  codeverifier sharedaccesssignature`)

/** Whole words of a name, in the singular. */
export const secretWords = listed(`
  pwd pw psk psw pswd passw passkey pin otp totp cred userpass dbpass rootpass adminpass smtppass`)

/** What stands before the password of something: `smtp_pass`, `dbpw`. The word alone is none: `first_pass`. */
export const passwordOwners = listed(`
  admin api app auth bind client db ftp http https imap jdbc key ldap mail mongo mqtt my mysql oracle pg pop postgres
  proxy redis root ro rw server service sftp smb smtp sql ssh sudo svc sys system user usr vpn web wifi`)

export const passwordEnds = listed('pass passw psw pswd pw pwd')

/** Whole words for a key, a token, or a file of them. */
export const keyWords = listed(`
  kek dek tkn tok jwt jwe jws saml sas dsn cookie keytab netrc jks p12 pfx pkcs12 salt`)

/** Found anywhere in a name. */
export const keyParts = listed(`
  token cookie sessionid serviceaccount kubeconfig pgpass idrsa sshrsa ided25519 idecdsa`)

/** What stands before a secret key: `tls_key`, `sshkey`. The word alone is none: `sort_key`. */
export const keyOwners = listed(`
  admin aes app application cipher client consumer crypto deploy ec ecdsa ed25519 enc encrypt function functions gpg
  hmac host kms licence license oci openssh pem pgp priv private rsa salt sas server service signature ssh ssl storage
  tls unseal vault webhook`)

/** What stands before a name and its password: `basic_auth`. The word alone is none in `model_info`. */
export const authOwners = listed('basic digest http ldap ntlm proxy smtp')

/** Further whole words in `litellm_params`, where a wide rule hides nothing of the user's own. */
export const paramsWords = listed(`
  auth oauth authn authz authentication access private priv certificate cert clientcert crt fingerprint tenancy signature sig hmac
  pem pat pass csrf assertion xsrf`)

export const paramsParts = listed('key basicauth pwd')

/** In the name of a header they say that its value is taken for who sent it. */
export const sessionWords = listed('session sess sid ticket nonce digest')

/** Passwords and secrets in languages other than English. */
export const foreignSecretParts = listed(`
  passwort kennwort geheim zugangsdaten anmeldedaten
  motdepasse
  contraseña contrasenya credencial
  segredo palavrapasse
  segreto segreta
  wachtwoord toegangscode
  hasło
  парол секрет
  密码 密碼 口令 パスワード 暗証番号 シークレット 秘密
  비밀번호 패스워드 시크릿
  şifre gizli
  lösenord hemlig adgangskode kodeord passord hemmelig salasana heslo jelszó
  κωδικός סיסמה पासवर्ड mậtkhẩu katasandi รหัสผ่าน كلمةالمرور كلمةالسر`)

/** The same as whole words, since harmless words hold them. */
export const foreignSecretWords = listed(
  'mdp senha senhas parola parol lozinka parool rahasia sandi 암호 비번',
)

/** Keys and tokens in these languages. */
export const foreignKeyParts = listed(`
  schlüssel schluessel clésecrète cléprivée clavesecreta claveprivada chavesecreta chaveprivada parolachiave
  chiavesegreta chiaveprivata sleutel klucz nyckel nøkkel anahtar
  密钥 密鑰 秘钥 金鑰 私钥 私鑰 令牌 权杖 權杖 凭证 憑證 凭据 トークン 秘密鍵 認証情報
  토큰 인증키 비밀키 개인키 api키 apiキー apiключ`)

export const foreignKeyWords = listed(`
  clé clés clef jeton jetons apiclé cléapi clave claves llave llaves apiclave claveapi chave chaves apichave chaveapi
  chiave chiavi apichiave chiaveapi gettone żeton nøgle noegle avain kulcs klíč kunci
  ключ ключи ключа ключом токен токены токена 鍵 キー 키 κλειδί مفتاح מפתח`)

/** Behind a word for a key or a token they say that there are so many. */
export const countWords = listed(`
  max min limit count num budget per total tpm rpm size length window ttl expiry second minute hour day ms quota
  capacity usage used remaining rate average avg threshold ratio`)

/** As a last word they say that the value describes the secret and is none: `token_url`, `access_groups`. */
export const descriptionWords = listed(`
  type url uri endpoint group mode method email enabled provider through location region zone host server domain realm
  issuer audience algorithm alg format encoding version policy strategy status label unit`)

/** Before `sk` or `ak` they say that it is a language or a state. */
export const placeWords = listed(
  'lang language locale country region state text name title label description',
)

/** Before `key` they say that it sorts, groups or verifies. */
export const openKeyWords = listed('sort partition foreign group shard idempotency public')

function listed(words: string): readonly string[] {
  return words.trim().split(/\s+/).map(plainLetters)
}
