import { digestOf } from '#libs/documents'
import { eventIdOf, splitJws } from '#libs/signature'
import { issued, legs, moved, offered, remarked } from '../../libs/testing/src/builders.js'
import { consignmentId, kidOf } from '../../libs/testing/src/draft.js'
import { keyAdded } from '../../libs/testing/src/register-builders.js'
import { alat, consignee, forwarder, line, tdy, turkmenbashi, uty } from '../../libs/testing/src/small-corridor.js'
import { openSmallCorridor } from './small-corridor.js'
import { resigned, type VectorLog } from './vector-log.js'
import type { VectorFile } from './vector-file.js'

/** The chain of a key on a subject: what is next, the same again, a fork, too early; and offsets without a record. */
export async function chain(): Promise<VectorFile> {
  const log = await openSmallCorridor('chain', [forwarder, uty, tdy, line, turkmenbashi, alat, consignee])
  const onConsignment = (says: string, value: string, expected = 'accepted') => log.append(says, consignmentId, value, expected)
  await repeat(log, onConsignment)
  await leaveHoles(log)
  await refuse(log, onConsignment)
  await comeEarly(log, onConsignment)
  await keepApart(log)
  await log.hole('the log may end with a control record')
  return log.file()
}

type Append = (says: string, value: string, expected?: string) => Promise<void>

async function repeat(log: VectorLog, append: Append) {
  const unopened = await log.state('an unknown subject: no number is consumed', moved(), 'SUBJECT')
  await append('read again it is no duplicate', unopened, 'SUBJECT')
  const first = await log.state('number 1 of the forwarder\'s chain opens the consignment', issued())
  await append('the same record again', first, 'duplicate')
  await append('the same statement with another signature of the same key', resigned(first, log.keyOf(kidOf(forwarder))), 'duplicate')
  await append('its signature mirrored (r, n − s), which takes no key', mirrored(first), 'duplicate')
  const again = log.signed(issued(), { envelope: { ...payloadOf(first), previous: undefined } })
  await append('the same words signed at another second: another statement', again, 'FORK')
  await append('number 1 with other words', log.signed(offered(), { envelope: { sequence: 1, previous: undefined } }), 'FORK')
  await append('number 1 names none before it', log.signed(offered(), { envelope: { sequence: 1 } }), 'ENVELOPE')
}

/** What transactions leave: offsets that no reader ever gets a record for. */
async function leaveHoles(log: VectorLog) {
  await log.hole('the marker of a committed transaction')
  await log.append('the record of an aborted one is a record like others', 'k', 'in a transaction', 'FORM')
  await log.hole('its marker')
  await log.hole('and one more')
}

async function refuse(log: VectorLog, append: Append) {
  const refused = await log.state('a refused statement consumes its number', offered({ to: tdy, into: legs.l2 }), 'RULE:NOT_NEXT')
  await append('read again it is a duplicate', refused, 'duplicate')
  const { sequence, previous } = payloadOf(refused)
  await append('what it should have said comes too late under that number', log.signed(offered(), { envelope: { sequence, previous } }), 'FORK')
  await log.state('and in time under the next', offered())
}

async function comeEarly(log: VectorLog, append: Append) {
  const one = log.signed(moved())
  const two = log.signed(remarked(), { envelope: { sequence: 2, previous: idOf(one) } })
  await append('the railway\'s second statement comes before its first: forgotten', two, 'EARLY')
  await append('the first', one)
  await append('the second, sent again', two)
  await append('the third on top of another second', log.signed(moved(), { envelope: { sequence: 3, previous: digestOf('another') } }), 'EARLY')
  await append('the ninth on top of the second', log.signed(moved(), { envelope: { sequence: 9 } }), 'EARLY')
  const stranger = log.signed(moved({ by: uty, kid: kidOf(uty) }), { envelope: { sequence: 1, previous: undefined } })
  await append('a number consumed long ago', stranger, 'FORK')
}

async function keepApart(log: VectorLog) {
  const secondKey = { by: uty, kid: kidOf(uty, 2) }
  await log.state('on the register the same key begins at 1', keyAdded(uty, 2, { by: uty }))
  await log.state('the new key begins at 1 on the consignment', moved(secondKey))
  await log.state('beside the old one, whose chain goes on', moved())
  await log.state('on another consignment the forwarder begins at 1', issued({}, { subject: '01970000-0000-7000-8000-000000000002' }))
}

function payloadOf(value: string): Readonly<Record<string, unknown>> {
  return JSON.parse(splitJws(value)?.payload.toString() ?? '') as Record<string, unknown> // signed by us
}

function idOf(value: string): string {
  return eventIdOf(splitJws(value)?.signingInput ?? '')
}

/** Order of the group of P-256 (SEC 2, section 2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Of each ECDSA signature anybody can make the other one that is as good. */
function mirrored(value: string): string {
  const signature = splitJws(value)?.signature ?? Buffer.alloc(64)
  const s = order - BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const other = Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  return `${value.slice(0, value.lastIndexOf('.'))}.${other.toString('base64url')}`
}
