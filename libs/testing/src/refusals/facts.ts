import { actDrawn, b1, b5, declared, loaded, moved, remarked, sealsChanged } from '../builders.js'
import { journey } from '../journey.js'
import { epochClosed } from '../register-builders.js'
import { forwarder, uty, uzCustoms } from '../small-corridor.js'
import { refusedWhen, type RefusalCase } from './refusal-case.js'

const nowhere = { placeId: 'uz-nowhere' } as const
const seal = { id: 'S1', sealingPartyRoleCode: 'CA' } as const

/** What refuses a fact: nothing but who states it, or what nobody can know of. */
export const refusalsOfFacts: readonly RefusalCase[] = [
  refusedWhen('ROLE', 'customs report a loading', journey.issued, loaded({ by: uzCustoms })),
  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, loaded({ loadings: [{ equipmentId: b1 }, { equipmentId: b5 }] }), '/loadings/1'),
  refusedWhen('UNKNOWN_REFERENCE', 'the place is not registered', journey.issued, loaded(nowhere), '/placeId'),

  refusedWhen('ROLE', 'customs report a movement', journey.issued, moved({ by: uzCustoms })),
  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, moved({ items: [b5] }), '/items/0'),
  refusedWhen('UNKNOWN_REFERENCE', 'the place is not registered', journey.issued, moved(nowhere), '/placeId'),
  refusedWhen('UNKNOWN_REFERENCE', 'the note has no such leg', journey.issued, moved({ legId: 'l9' }), '/legId'),
  refusedWhen('UNKNOWN_REFERENCE', 'whoever should act is no participant', journey.issued, moved({ actionBy: 'uz-nobody' }), '/actionBy'),
  refusedWhen('EPOCH_CLOSED', 'the epoch is closed', [journey.issued, epochClosed()], moved()),

  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, sealsChanged({ changes: [{ equipmentId: b5, act: 'found', seal }] }),
    '/changes/0'),
  refusedWhen('UNKNOWN_REFERENCE', 'the place is not registered', journey.issued, sealsChanged(nowhere), '/placeId'),

  refusedWhen('ROLE', 'a railway that is no declarant lodges it', journey.issued, declared({ by: uty })),
  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, declared({ items: [b5] }), '/items/0'),
  refusedWhen('UNKNOWN_REFERENCE', 'the customs office is not registered', journey.issued, declared({ customsOfficePlaceId: 'uz-nowhere' }),
    '/customsOfficePlaceId'),

  refusedWhen('ROLE', 'a forwarder adds a carrier\'s remark', journey.issued, remarked({ by: forwarder })),
  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, remarked({ items: [b5] }), '/items/0'),

  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, actDrawn({ findings: [{ itemId: b5, causes: [{ code: 'R01' }] }] }),
    '/findings/0'),
  refusedWhen('UNKNOWN_REFERENCE', 'the place is not registered', journey.issued, actDrawn(nowhere), '/placeId'),
]
