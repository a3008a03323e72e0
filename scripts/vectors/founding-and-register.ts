import { digestOf } from '#libs/documents'
import { authorityId, rulesDigest } from '#libs/consignment'
import { typs } from '#libs/signature'
import { draft, jwkOf, kidOf } from '../../libs/testing/src/draft.js'
import { offCurve } from '../../libs/testing/src/judged-log.js'
import {
  admitted, claimOf, encryptionKeyAdded, epochClosed, founding, keyAdded, keyCompromised, keyRecovered, keyRetired, proofBy, registered, rulesActivated,
  suspended,
} from '../../libs/testing/src/register-builders.js'
import { forwarder, gr, tdy, uty } from '../../libs/testing/src/small-corridor.js'
import { rows } from './small-corridor.js'
import { resigned, VectorLog } from './vector-log.js'
import type { VectorFile } from './vector-file.js'

const byKey = (participant: string, number: number) => ({ by: participant, kid: kidOf(participant, number) })

/** The register from the founding to the closing of the epoch: who may speak, with which key, from which record on. */
export async function foundingAndRegister(): Promise<VectorFile> {
  const log = new VectorLog('founding-and-register', founding)
  await foundAndAdmit(log)
  await addKeys(log)
  await endKeys(log)
  await suspend(log)
  await close(log)
  return log.file()
}

/** The rules of the last record are nobody's yet: a node that lacks them judges that record and stops. */
export async function unknownRules(): Promise<VectorFile> {
  const log = new VectorLog('unknown-rules', founding)
  await log.append('the corridor is founded', 'corridor', log.founding, 'accepted')
  await log.state('rules that no build has are activated; judging stops after this record', rulesActivated(2))
  return log.file()
}

async function foundAndAdmit(log: VectorLog) {
  await log.append('before the founding nobody speaks', 'corridor', log.signed(admitted(uty, rows[uty])), 'KEY')
  const twin = log.signed(draft('CorridorFounded', authorityId, { ...founding.data, epoch: 2 }), { typ: typs.founding, envelope: { corridor: 'A'.repeat(43) } })
  await log.append('a founding statement, but not the pinned one', 'corridor', twin, 'KEY')
  await log.append('the corridor is founded', 'corridor', log.founding, 'accepted')
  await log.append('the founding statement read again', 'corridor', log.founding, 'duplicate')
  await log.append('the founding statement signed again', 'corridor', resigned(log.founding, log.keyOf(founding.kid)), 'duplicate')
  await log.append('another founding statement of the same authority', 'corridor', twin, 'BINDING')
  const second = log.signed(draft('CorridorFounded', authorityId, { ...founding.data, epoch: 2 }), { typ: typs.founding })
  await log.append('a second founding of this corridor', 'corridor', second, 'RULE:ALREADY_FOUNDED')
  await log.state('a railway is admitted', admitted(uty, rows[uty]))
  await log.state('a forwarder is admitted as a declarant', admitted(forwarder, rows[forwarder]))
  await log.state('a second railway is admitted', admitted(tdy, rows[tdy]))
  await log.state('its row is replaced: it is an agent, too', admitted(tdy, { ...rows[tdy], capacities: ['agent'] }))
  await log.state('the authority cannot be admitted', admitted(authorityId, { roles: ['authority'], country: 'ZZ' }), 'RULE:ALREADY_FOUNDED')
  await log.state('customs without a territory', admitted('uz-customs', { roles: ['customs'], country: 'UZ' }), 'SCHEMA')
  await log.state('a place is registered', registered('uz-ahangaran', { operatedBy: [uty] }))
  await log.state('a place operated by nobody known', registered('uz-khodjadavlet', { operatedBy: ['nobody'] }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('a note is no statement on the register', draft('NoteIssued', authorityId, {} as never, { subject: 'corridor' }), 'TYPE')
}

async function addKeys(log: VectorLog) {
  await log.state('a key for nobody', keyAdded('nobody'), 'RULE:UNKNOWN_REFERENCE')
  const { data } = keyAdded(uty)
  const withProof = (proof: string) => draft('KeyAdded', authorityId, { ...data, proof })
  await log.state('a proof by another key', withProof(proofBy(jwkOf(uty, 9), claimOf(uty, 1))), 'RULE:PROOF')
  await log.state('a proof made for another participant', withProof(proofBy(jwkOf(uty), { ...claimOf(uty, 1), participant: tdy })), 'RULE:PROOF')
  await log.state('a proof made for another corridor', withProof(proofBy(jwkOf(uty), { ...claimOf(uty, 1), corridor: digestOf('elsewhere') })), 'RULE:PROOF')
  await log.state('a proof for another key', withProof(proofBy(jwkOf(uty), { ...claimOf(uty, 1), thumbprint: kidOf(uty, 9) })), 'RULE:PROOF')
  await log.state('the railway\'s first key', keyAdded(uty))
  await log.state('a key that is known', keyAdded(uty), 'RULE:KEY_KNOWN')
  await log.state('the forwarder\'s first key', keyAdded(forwarder))
  await log.state('the authority adds no second key', keyAdded(uty, 2), 'RULE:FIRST_KEY_ONLY')
  await log.state('nor an encryption key', encryptionKeyAdded(uty, 8, authorityId), 'RULE:FIRST_KEY_ONLY')
  const noKey = draft('KeyAdded', uty, { participant: uty, use: 'encryption', jwk: { ...jwkOf(uty, 8), x: offCurve } })
  await log.state('a key that is no point on its curve', noKey, 'RULE:KEY_INVALID')
  await log.state('nobody adds keys for others', keyAdded(uty, 2, { by: forwarder }), 'PARTY')
  await log.state('nobody but the authority admits', { ...admitted(gr, rows[gr]), ...byKey(uty, 1) }, 'PARTY')
  await log.state('the railway adds a second key with its first', keyAdded(uty, 2, byKey(uty, 1)))
  await log.state('and an encryption key', encryptionKeyAdded(uty, 8))
  const encryption = encryptionKeyAdded(uty, 7)
  await log.state('encryption keys carry no proof', { ...encryption, data: { ...encryption.data, proof: proofBy(jwkOf(uty, 7), claimOf(uty, 7)) } }, 'SCHEMA')
  await log.state('an encryption key signs nothing', keyAdded(uty, 3, byKey(uty, 8)), 'KEY')
}

async function endKeys(log: VectorLog) {
  await log.state('the railway retires its first key with its second', keyRetired(uty, 1, byKey(uty, 2)))
  await log.state('the retired key speaks no more', keyAdded(uty, 3, byKey(uty, 1)), 'KEY')
  await log.state('a retired key is not retired again', keyRetired(uty, 1, byKey(uty, 2)), 'RULE:UNKNOWN_REFERENCE')
  await log.state('a key that is another\'s', draft('KeyRetired', authorityId, { participant: uty, thumbprint: kidOf(forwarder) }), 'RULE:OWN_KEYS_ONLY')
  await log.state('the second key is compromised, doubtful from an earlier record on', keyCompromised(uty, 2, 20, byKey(uty, 2)))
  await log.state('the compromised key speaks no more', keyAdded(uty, 3, byKey(uty, 2)), 'KEY')
  await log.state('without a valid key one key of the authority is not enough', keyAdded(uty, 3), 'RULE:FIRST_KEY_ONLY')
  await log.state('nor the same one twice', keyRecovered(uty, 3, jwkOf(authorityId, 1)), 'RULE:PROOF')
  await log.state('two keys of the authority recover the railway', keyRecovered(uty, 3))
  await log.state('recovery only where no valid key is left', keyRecovered(forwarder, 2), 'RULE:FIRST_KEY_ONLY')
  await log.state('the old keys stay silent', encryptionKeyAdded(uty, 7), 'KEY')
  await log.state('the recovered key speaks, with a chain of its own', { ...encryptionKeyAdded(uty, 7), ...byKey(uty, 3) })
}

async function suspend(log: VectorLog) {
  await log.state('nobody known is suspended', suspended('nobody'), 'RULE:UNKNOWN_REFERENCE')
  await log.state('the forwarder is suspended', suspended(forwarder))
  await log.state('a suspended participant\'s key does not count', keyAdded(forwarder, 2, byKey(forwarder, 1)), 'KEY')
  await log.state('admitted again, it may speak', admitted(forwarder, rows[forwarder]))
  await log.state('with the key it had', keyAdded(forwarder, 2, byKey(forwarder, 1)))
  await log.state('the authority retires its second key', keyRetired(authorityId, 2))
  await log.state('but not its last', keyRetired(authorityId, 1), 'RULE:LAST_AUTHORITY_KEY')
}

async function close(log: VectorLog) {
  await log.state('rules that are not newer', rulesActivated(1), 'RULE:RULES_NOT_NEWER')
  await log.state('a newer version of the same rules', draft('RulesActivated', authorityId, { rulesVersion: 2, digest: rulesDigest() }))
  const renamed = draft('ParticipantRenamed' as 'ParticipantAdmitted', authorityId, {} as never, { subject: 'corridor' })
  await log.state('a statement that no rules know', renamed, 'TYPE')
  await log.state('another epoch than the open one', epochClosed(2), 'RULE:EPOCH_MISMATCH')
  await log.state('a size that lies ahead', epochClosed(1, 1_000), 'RULE:EPOCH_MISMATCH')
  await log.state('the epoch is closed', epochClosed(1, 50))
  await log.state('after that nothing is stated', admitted(gr, rows[gr]), 'RULE:EPOCH_CLOSED')
}
