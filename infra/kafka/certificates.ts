import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Why no certificate could be made; the message is one sentence. */
export class CertificateError extends Error {
  readonly code = 'NO_OPENSSL'
}

const days = '3650'

/** The authority of a Kafka cluster's certificates, made once: `ca.pem` for everybody and `ca.key` for nobody else, in a folder of its own. */
export function makeCertificateAuthority(folder: string, name: string): void {
  if (existsSync(join(folder, 'ca.pem'))) return
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const made = ['-keyout', join(folder, 'ca.key'), '-out', join(folder, 'ca.pem.new')]
  const extensions = ['-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0', '-addext', 'keyUsage=critical,keyCertSign,cRLSign']
  openssl(['req', '-x509', ...newKey, '-days', days, '-subj', `/CN=${name}`, ...extensions, ...made])
  renameSync(join(folder, 'ca.pem.new'), join(folder, 'ca.pem')) // last, so that it stands for both
}

/**
 * Key and certificate of a broker or an administrator in one PEM file, as Kafka reads them; kept where there is one.
 * @param hosts names and addresses under which it is reached; none for who only calls
 */
export function issueCertificate(authorityFolder: string, file: string, name: string, hosts: readonly string[] = []): void {
  if (existsSync(file)) return
  const work = mkdtempSync(join(authorityFolder, 'issuing-'))
  const [key, request, certificate, extensions] = ['key', 'request', 'certificate', 'extensions'].map((part) => join(work, part)) as [string, string, string, string]
  try {
    const names = hosts.map((host) => (/^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`))
    const lines = ['basicConstraints=critical,CA:FALSE', 'extendedKeyUsage=serverAuth,clientAuth', ...(names.length > 0 ? [`subjectAltName=${names.join()}`] : [])]
    writeFileSync(extensions, `${lines.join('\n')}\n`)
    openssl(['req', '-new', ...newKey, '-subj', `/CN=${name}`, '-keyout', key, '-out', request])
    const signing = ['-CA', join(authorityFolder, 'ca.pem'), '-CAkey', join(authorityFolder, 'ca.key'), '-CAcreateserial', '-extfile', extensions]
    openssl(['x509', '-req', '-in', request, '-days', days, ...signing, '-out', certificate])
    writeFileSync(`${file}.new`, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } finally {
    rmSync(work, { recursive: true })
  }
  chmodSync(file, 0o600)
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Node's crypto reads certificates and makes none; the command is on every system that has Git or curl. */
function openssl(args: readonly string[]): void {
  const { error, status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
  if (error) throw new CertificateError('Install OpenSSL (the command `openssl`), which makes the certificates of the brokers.')
  if (status !== 0) throw new CertificateError(`openssl ${args[0]} ended with ${status}: ${stderr.trim().slice(-400)}`)
}
