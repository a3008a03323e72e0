import { draft, jwkOf, kidOf } from '../draft.js'
import { offCurve } from '../judged-log.js'
import {
  admitted, authority, claimOf, encryptionKeyAdded, epochClosed, founding, keyAdded, keyCompromised, keyRecovered, keyRetired, proofBy, registered,
  rulesActivated, suspended,
} from '../register-builders.js'
import { gr, tdy, uty } from '../small-corridor.js'
import { refusedWhen, type RefusalCase } from './refusal-case.js'

const { proof: _proof, ...unproved } = keyAdded(uty, 2).data
const notItsOwn = draft('KeyRetired', uty, { participant: uty, thumbprint: kidOf(tdy) })

/** What refuses statements on the register. */
export const refusalsOfRegister: readonly RefusalCase[] = [
  refusedWhen('ALREADY_FOUNDED', 'the corridor is founded', [], draft('CorridorFounded', authority, { ...founding.data, epoch: 2 })),
  refusedWhen('ALREADY_FOUNDED', 'the authority is admitted as a participant', [], admitted(authority, { roles: ['rail'], country: 'UZ' }), '/participant'),
  refusedWhen('EPOCH_CLOSED', 'the epoch is closed', [epochClosed()], admitted('uz-new', { roles: ['rail'], country: 'UZ' })),
  refusedWhen('UNKNOWN_REFERENCE', 'nobody of that name was admitted', [], suspended('uz-nobody'), '/participant'),
  refusedWhen('UNKNOWN_REFERENCE', 'the authority would suspend itself', [], suspended(authority), '/participant'),
  refusedWhen('UNKNOWN_REFERENCE', 'its operator is no participant', [], registered('uz-new', { operatedBy: [uty, 'uz-nobody'] }), '/operatedBy/1'),

  refusedWhen('UNKNOWN_REFERENCE', 'its owner was not admitted', [], keyAdded('uz-nobody'), '/participant'),
  refusedWhen('KEY_KNOWN', 'the register has the key', [], keyAdded(uty, 1, { by: uty }), '/jwk'),
  refusedWhen('KEY_KNOWN', 'another participant has the key', [], draft('KeyAdded', uty, { ...keyAdded(uty, 2).data, jwk: jwkOf(tdy) }), '/jwk'),
  refusedWhen('PROOF', 'the proof was made by another key', [], draft('KeyAdded', uty, { ...unproved, proof: proofBy(jwkOf(uty, 3), claimOf(uty, 2)) }),
    '/proof'),
  refusedWhen('PROOF', 'the proof was made for another participant', [],
    draft('KeyAdded', uty, { ...unproved, proof: proofBy(jwkOf(uty, 2), claimOf(tdy, 2)) }), '/proof'),
  refusedWhen('KEY_INVALID', 'a key is not a point on its curve', [],
    draft('KeyAdded', uty, { participant: uty, use: 'encryption', jwk: { ...jwkOf(uty, 2), x: offCurve } }), '/jwk'),
  refusedWhen('FIRST_KEY_ONLY', 'the authority adds a second key for a participant', [], keyAdded(uty, 2), '/participant'),
  refusedWhen('FIRST_KEY_ONLY', 'the authority adds an encryption key for a participant', [], encryptionKeyAdded(uty, 2, authority)),
  refusedWhen('FIRST_KEY_ONLY', 'the authority adds a key to one that has none left, without recovery', [keyRetired(uty)], keyAdded(uty, 2)),
  refusedWhen('FIRST_KEY_ONLY', 'a participant with a valid key would be recovered', [], keyRecovered(uty, 2)),
  refusedWhen('PROOF', 'one key of the authority recovers alone', [keyRetired(uty)], keyRecovered(uty, 2, jwkOf(authority, 1)),
    '/recovery/secondAuthoritySignature'),
  refusedWhen('PROOF', 'the second key of the authority is retired', [keyRetired(uty), keyRetired(authority, 2)], keyRecovered(uty, 2)),

  refusedWhen('OWN_KEYS_ONLY', 'the key is another\'s', [], notItsOwn, '/participant'),
  refusedWhen('UNKNOWN_REFERENCE', 'there is no such key', [], keyRetired(gr, 9), '/thumbprint'),
  refusedWhen('UNKNOWN_REFERENCE', 'the key is retired', [keyAdded(uty, 2, { by: uty }), keyRetired(uty, 2)],
    keyRetired(uty, 2, { occurredAt: '2026-06-03T08:00:00Z' }), '/thumbprint'),
  refusedWhen('LAST_AUTHORITY_KEY', 'the authority would have no key left', [keyRetired(authority, 2)], keyRetired(authority, 1), '/thumbprint'),
  refusedWhen('LAST_AUTHORITY_KEY', 'the authority would have only an encryption key left', [keyRetired(authority, 2), encryptionKeyAdded(authority, 3)],
    keyRetired(authority, 1)),

  refusedWhen('UNKNOWN_REFERENCE', 'there is no such key', [], keyCompromised(gr, 9, 0), '/thumbprint'),
  refusedWhen('UNKNOWN_REFERENCE', 'the key is known to be compromised', [keyAdded(uty, 2, { by: uty }), keyCompromised(uty, 2, 40)],
    keyCompromised(uty, 2, 41)),
  refusedWhen('OWN_KEYS_ONLY', 'the key is another\'s', [], draft('KeyCompromised', uty, { participant: uty, thumbprint: kidOf(tdy), fromOffset: 0 })),
  refusedWhen('LAST_AUTHORITY_KEY', 'the authority would have no key left', [keyRetired(authority, 2)], keyCompromised(authority, 1, 0)),

  refusedWhen('RULES_NOT_NEWER', 'the rules are the active ones', [], rulesActivated(1), '/rulesVersion'),
  refusedWhen('RULES_NOT_NEWER', 'the rules are older than the active ones', [rulesActivated(3)], rulesActivated(2)),
  refusedWhen('EPOCH_MISMATCH', 'another epoch is open', [], epochClosed(2), '/epoch'),
  refusedWhen('EPOCH_MISMATCH', 'its size lies ahead of it', [], epochClosed(1, 1_000)),
]

