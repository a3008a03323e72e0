import { sign as signBytes } from 'node:crypto'
import { canonicalJson, digestOf } from '#libs/documents'
import { splitJws, typs } from '#libs/signature'
import { issued, moved } from '../../libs/testing/src/builders.js'
import { consignmentId, draft, kidOf } from '../../libs/testing/src/draft.js'
import { alat, consignee, forwarder, line, tdy, turkmenbashi, uty } from '../../libs/testing/src/small-corridor.js'
import { openSmallCorridor } from './small-corridor.js'
import { resigned, type VectorLog } from './vector-log.js'
import type { VectorFile } from './vector-file.js'

/** Whatever any writer can put on the topic: every check of the judging order in its order, up to the rules. */
export async function hostileBytes(): Promise<VectorFile> {
  const log = await openSmallCorridor('hostile-bytes', [forwarder, uty, tdy, line, turkmenbashi, alat, consignee])
  await log.state('an honest note', issued())
  const honest = log.signed(moved())
  const [header = '', payload = '', signature = ''] = honest.split('.')
  const append = (says: string, value: string | Buffer | null, expected: string) => log.append(says, consignmentId, value, expected)
  await formless(log, append, { header, payload, signature })
  await headers(log, append, payload)
  await keysAndSignatures(log, append, { honest, header, payload, signature })
  await payloads(log, append)
  await envelopes(log, append)
  await bindings(log, append, honest)
  await statements(log, append)
  await append('the honest statement stands where it would have stood', honest, 'accepted')
  return log.file()
}

type Append = (says: string, value: string | Buffer | null, expected: string) => Promise<void>
type Parts = Readonly<Record<'header' | 'payload' | 'signature', string>>

async function formless(log: VectorLog, append: Append, { header, payload, signature }: Parts) {
  await log.append('neither key nor value', null, null, 'FORM')
  await append('no value', null, 'FORM')
  await log.append('both empty', '', '', 'FORM')
  await append('garbage', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), 'FORM')
  await append('one byte more than 360,000', Buffer.alloc(360_001, 'A'), 'SIZE')
  await append('360,000 bytes', Buffer.alloc(360_000, 'A'), 'FORM')
  await append('JSON instead of a JWS', '{"hello":"world"}', 'FORM')
  await append('two parts', `${header}.${payload}`, 'FORM')
  await append('four parts', `${header}.${payload}.${signature}.${signature}`, 'FORM')
  await append('an empty header', `.${payload}.${signature}`, 'FORM')
  await append('an empty payload', `${header}..${signature}`, 'FORM')
  await append('a line feed at the end', `${header}.${payload}.${signature}\n`, 'FORM')
  await append('padding', `${header}.${payload}.${signature}==`, 'FORM')
  await append('unused bits set in the last character of the signature', `${header}.${payload}.${withSpareBit(signature)}`, 'FORM')
  await append('base64 with + and /', `${header}.${payload}.${signature.slice(0, -2)}+/`, 'FORM')
  await append('a byte beyond ASCII', Buffer.concat([Buffer.from(`${header}.${payload}.${signature.slice(0, -1)}`), Buffer.of(0xc3)]), 'FORM')
  await append('a signature of 63 bytes', `${header}.${payload}.${signature.slice(0, 84)}`, 'FORM')
  await append('a signature in DER', `${header}.${payload}.${Buffer.alloc(70, 0x30).toString('base64url')}`, 'FORM')
}

/** base64url of 64 bytes leaves four bits of its last character unused. */
function withSpareBit(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${text.slice(0, -1)}${alphabet[alphabet.indexOf(text.at(-1) ?? 'A') + 1]}`
}

async function headers(log: VectorLog, append: Append, payload: string) {
  const kid = log.keyOf(kidOf(uty)).kid
  const right = { alg: 'ES256', iat: 1_780_300_800, kid, typ: typs.event }
  const refuse = (says: string, text: string | Buffer) => append(says, compact(log, text, Buffer.from(payload, 'base64url')), 'HEADER')
  await refuse('a header that is no JSON', 'header')
  await refuse('a header that is no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]))
  await refuse('a header with spaces', JSON.stringify(right, undefined, 1))
  await refuse('half a surrogate pair beside names that look like numbers', '{"10":"\\uD800","9":1}')
  await refuse('a header out of order', JSON.stringify({ typ: right.typ, kid, iat: right.iat, alg: 'ES256' }))
  await refuse('a member twice', `{"alg":"ES256","alg":"ES256",${canonicalJson(right).slice(15)}`)
  await refuse('a time that is no integer', canonicalJson(right).replace('1780300800', '1780300800.5'))
  await refuse('an algorithm that signs nothing', canonicalJson({ ...right, alg: 'none' }))
  await refuse('another algorithm', canonicalJson({ ...right, alg: 'EdDSA' }))
  await refuse('a key in the header', canonicalJson({ ...right, jwk: log.keyOf(kidOf(uty)).publicJwk }))
  await refuse('the address of a key', canonicalJson({ ...right, jku: 'https://uz-uty.example/keys' }))
  await refuse('a critical extension', canonicalJson({ ...right, b64: false, crit: ['b64'] }))
  await refuse('a certificate beside the key', canonicalJson({ ...right, 'x5u': 'https://uz-uty.example/cert' }))
  await refuse('no kid', canonicalJson({ alg: 'ES256', iat: right.iat, typ: right.typ }))
  await refuse('a kid that is no thumbprint', canonicalJson({ ...right, kid: 'uz-uty' }))
  await refuse('another typ', canonicalJson({ ...right, typ: 'JWT' }))
}

async function keysAndSignatures(log: VectorLog, append: Append, { honest, header, payload, signature }: Parts & { readonly honest: string }) {
  await append('a key nobody added', log.signed(moved({ kid: kidOf(uty, 5) })), 'KEY')
  const other = Buffer.from(payload, 'base64url').toString().replace('"31"', '"24"')
  await append('a payload changed after signing', `${header}.${Buffer.from(other).toString('base64url')}.${signature}`, 'SIGNATURE')
  await append('another key\'s signature under this kid', resigned(honest, log.keyOf(kidOf(forwarder))), 'SIGNATURE')
  await append('r and s are zero', `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`, 'SIGNATURE')
  await append('garbage that is not signed is not read', `${header}.${Buffer.from([0xff]).toString('base64url')}.${signature}`, 'SIGNATURE')
}

async function payloads(log: VectorLog, append: Append) {
  const text = splitJws(log.signed(moved()))?.payload.toString() ?? ''
  const refuse = (code: string) => (says: string, payload: string | Buffer) =>
    append(says, compact(log, headerText(log), Buffer.from(payload as string)), code)
  const [utf8, depth, canonical] = [refuse('UTF8'), refuse('DEPTH'), refuse('CANONICAL')]
  await utf8('bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]))
  await utf8('an overlong form of /', Buffer.from([0x22, 0xc0, 0xaf, 0x22]))
  await utf8('half a surrogate pair in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))
  await depth('seventeen levels', text.replace('"data":{', `"data":{"deep":${'['.repeat(15)}${']'.repeat(15)},`))
  await depth('brackets are counted before anything is parsed', `${'['.repeat(17)} this is no JSON`)
  await canonical('not in a string, closing brackets are counted, too', `${']'.repeat(17)}${'['.repeat(17)}`)
  await canonical('nor within a string', `"${'['.repeat(17)}`)
  await canonical('a byte order mark', `\ufeff${text}`)
  await canonical('a line feed at the end', `${text}\n`)
  await canonical('a space', text.replace(',', ', '))
  await canonical('members out of order', text.replace(/^\{("asOf":\{.*?\}),/, '{').replace(/\}$/, ',"asOf":{}}'))
  await canonical('a member twice', text.replace('"v":1', '"v":1,"v":1'))
  await canonical('1.0', text.replace('"v":1', '"v":1.0'))
  await canonical('1e0', text.replace('"v":1', '"v":1e0'))
  await canonical('minus zero', text.replace('"v":1', '"v":-0'))
  await canonical('a fraction', text.replace('"v":1', '"v":1.5'))
  await canonical('2^53', text.replace('"v":1', '"v":9007199254740992'))
  await canonical('an escaped slash', text.replace('"uz-uty"', '"uz\\/uty"'))
  await canonical('an escaped letter', text.replace('"uz-uty"', '"\\u0075z-uty"'))
  await canonical('a control character escaped with capitals', text.replace('"uz-uty"', '"\\u001F"'))
  await canonical('half a surrogate pair', text.replace('"uz-uty"', '"\\ud800"'))
  await canonical('half a surrogate pair with capitals, beside names that look like numbers', '{"10":"\\uD800","9":1}')
  await canonical('a member __proto__', text.replace('"data":{', '"data":{"__proto__":{},'))
  await canonical('not JSON', 'undefined')
}

async function envelopes(log: VectorLog, append: Append) {
  const refuse = (says: string, envelope: Readonly<Record<string, unknown>>, statement = moved()) => append(says, log.signed(statement, { envelope }), 'ENVELOPE')
  await append('names that look like numbers, in canonical order', compact(log, headerText(log), Buffer.from('{"10":1,"9":1}')), 'ENVELOPE')
  await append('a list', compact(log, headerText(log), Buffer.from('[]')), 'ENVELOPE')
  await append('null', compact(log, headerText(log), Buffer.from('null')), 'ENVELOPE')
  await refuse('a version of the wire that no rules know', { v: 99 })
  await refuse('no issuer', { issuer: undefined })
  await refuse('a member that is not there', { note: 'x' })
  await refuse('number 0', { sequence: 0 })
  await refuse('number 2 without the one before', { sequence: 2 })
  await refuse('a subject in capitals', { subject: consignmentId.toUpperCase().replace('0', 'A') })
  await refuse('a subject that is no UUIDv7', { subject: consignmentId.replace('-7', '-4') })
  await refuse('30 February', { occurredAt: '2026-02-30T08:00:00Z' })
  await refuse('a time with an offset', { occurredAt: '2026-06-01T08:00:00+05:00' })
  await refuse('a type that is no name', { type: 'moved' })
  await refuse('data that is a list', { data: [] })
  await refuse('a person with a name', { actor: { pseudonym: 'Mr Karimov', assurance: 'high' } })
}

async function bindings(log: VectorLog, append: Append, honest: string) {
  await log.append('under another consignment\'s key', '01970000-0000-7000-8000-000000000002', honest, 'BINDING')
  await log.append('under no key', null, honest, 'BINDING')
  await log.append('under the key with a zero byte', `${consignmentId}\0`, honest, 'BINDING')
  await append('signed as a statement on the register', log.signed(moved(), { typ: typs.register }), 'BINDING')
  await append('signed as a receipt', log.signed(moved(), { typ: typs.receipt }), 'BINDING')
  await append('signed as a founding', log.signed(moved(), { typ: typs.founding }), 'BINDING')
  await append('for another corridor', log.signed(moved(), { envelope: { corridor: digestOf('another') } }), 'BINDING')
  await append('in another\'s name', log.signed(moved(), { envelope: { issuer: tdy } }), 'BINDING')
}

async function statements(log: VectorLog, append: Append) {
  const unknown = '01970000-0000-7000-8000-000000000009'
  await log.state('an unknown subject', moved({ subject: unknown }), 'SUBJECT')
  const found = draft('SurplusReported', uty, {} as never, { subject: unknown })
  await log.state('goods found: it may open a subject, but its rule comes later; its number is consumed', found, 'TYPE')
  await log.state('so the subject stays unknown', moved({ subject: unknown }), 'SUBJECT')
  const second = { kid: kidOf(forwarder) }
  await log.state('the register is not for everybody', draft('PlaceRegistered', forwarder, {} as never, second), 'PARTY')
  await log.state('a type that no rules know', draft('GoodsSold' as 'MovementReported', forwarder, {} as never, { subject: consignmentId }), 'TYPE')
  await log.state('a type whose rule comes later', draft('ProblemRaised', forwarder, {} as never), 'TYPE')
  await log.state('a statement on the register on a consignment', draft('PlaceRegistered', forwarder, {} as never, { subject: consignmentId }), 'TYPE')
  await log.state('sixteen levels are read', draft('MovementReported', forwarder, nested(14) as never), 'SCHEMA')
  await log.state('a member that does not belong', moved({ by: forwarder, weather: 'fine' } as never), 'SCHEMA')
  await log.state('a code that is not on the list', moved({ by: forwarder, statusCode: '999' as never }), 'SCHEMA')
  await log.state('NUL in a text', moved({ by: forwarder, text: [{ languageId: 'en', text: 'a\0b' }] }), 'SCHEMA')
  await append('an honest statement after all that', log.signed(moved({ by: forwarder })), 'accepted')
}

function nested(levels: number): unknown {
  return levels === 0 ? {} : { deep: nested(levels - 1) }
}

function headerText(log: VectorLog): string {
  return canonicalJson({ alg: 'ES256', iat: 1_780_300_800, kid: log.keyOf(kidOf(uty)).kid, typ: typs.event })
}

/** Signs any header and any payload with the railway's key. */
function compact(log: VectorLog, header: string | Buffer, payload: Buffer): string {
  const signingInput = `${Buffer.from(header as string).toString('base64url')}.${payload.toString('base64url')}`
  const signature = signBytes('sha256', Buffer.from(signingInput), { key: log.keyOf(kidOf(uty)).privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signingInput}.${signature.toString('base64url')}`
}
