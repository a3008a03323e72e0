import { digestOf } from '#libs/documents'
import {
  actAnswered, actDrawn, answered, b1, b2, b3, b5, carriageAccepted, corrected, declared, goodsBlock, granted, issued, loaded, moved, offered, remarked,
  sealsChanged, tendered, withdrawn,
} from '../../libs/testing/src/builders.js'
import { forwarder, gr, tdy, uty, uzCustoms } from '../../libs/testing/src/small-corridor.js'
import { openSmallCorridor } from './small-corridor.js'
import type { VectorLog } from './vector-log.js'
import type { VectorFile } from './vector-file.js'

/** Facts are recorded whatever the rules say of them; acts of difference, corrections and grants name what they are about. */
export async function actsFactsAndCorrections(): Promise<VectorFile> {
  const log = await openSmallCorridor('acts-facts-and-corrections')
  await log.state('a note of four boxes', issued())
  await reportFacts(log)
  await depart(log)
  await drawAct(log)
  await correct(log)
  await grant(log)
  return log.file()
}

async function reportFacts(log: VectorLog) {
  await log.state('a railway lodges no declaration', declared({ by: uty }), 'RULE:ROLE')
  await log.state('a declarant does', declared({ guarantee: { code: 'ABE', id: 'G1' } }))
  await log.state('a forwarder adds no remark', remarked({ by: forwarder }), 'RULE:ROLE')
  await log.state('a carrier does', remarked({ items: [b1] }))
  await log.state('a box of another note', loaded({ loadings: [{ equipmentId: b5 }] }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('a place nobody registered', moved({ placeId: 'uz-nowhere' }), 'RULE:UNKNOWN_REFERENCE')
  const seal = (id: string) => ({ id, sealingPartyRoleCode: 'SH' }) as const
  await log.state('two boxes on one wagon, weighed and sealed', loaded({
    loadings: [
      { equipmentId: b2, carriedBy: '61234567', affixedSeal: [seal('S2')], packageQuantity: 24, grossMassKg: 24_000, massDetermination: 'weighed' },
      { equipmentId: b1, carriedBy: '61234567', affixedSeal: [seal('S1'), seal('S1A')], verifiedGrossMassKg: 26_200 },
    ],
  }))
  await log.state('one is taken off again', loaded({ act: 'unloaded', loadings: [{ equipmentId: b2 }] }))
  await log.state('customs open a seal and put on their own', sealsChanged({
    by: uzCustoms,
    changes: [
      { equipmentId: b1, act: 'removedByAuthority', oldSealId: 'S1' },
      { equipmentId: b1, act: 'affixed', seal: { id: 'CU1', sealingPartyRoleCode: 'CU', conditionCode: '1' } },
    ],
  }))
  await log.state('where the train is expected', moved({
    statusCode: '1', time: { kind: 'estimated', at: '2026-06-03T09:00:00Z' }, placeId: 'uz-khodjadavlet', legId: 'l1',
    means: { typeCode: '2301', id: 'TRAIN1' }, journeyId: 'J1', actionBy: uty,
  }))
}

async function depart(log: VectorLog) {
  const offer = offered({ items: tendered(b1, b3) })
  await log.state('two boxes are offered to the railway', offer)
  await log.state('a departure that another reports binds nobody', moved({ by: tdy, statusCode: '24', items: [b1] }))
  await log.state('the railway reports one of them departed before it answers', moved({ statusCode: '24', items: [b1] }))
  await log.state('so the offer is not taken back', withdrawn(offer), 'RULE:DEPARTED')
  await log.state('a second departure changes nothing more', moved({ statusCode: '127', items: [b3] }))
  await log.state('the answer comes late', answered(offer))
  await log.state('and carriage is accepted', carriageAccepted({ items: [b1, b3] }))
}

async function drawAct(log: VectorLog) {
  const figures = { declared: { packageQuantity: 24 }, found: { packageQuantity: 23 }, difference: { packageQuantity: -1 } }
  const act = actDrawn({ findings: [{ itemId: b1, causes: [{ code: 'R01' }], ...figures }] })
  await log.state('an act on a difference', act)
  await log.state('who drew it does not answer it', actAnswered(act, uty), 'RULE:NOT_OTHER_SIDE')
  await log.state('nor does who never had the goods', actAnswered(act, tdy), 'RULE:NOT_OTHER_SIDE')
  await log.state('the other side accepts it', actAnswered(act, forwarder))
  await log.state('once', actAnswered(act, tdy), 'RULE:ACT_CLOSED')
}

async function correct(log: VectorLog) {
  const wrong = loaded({ loadings: [{ equipmentId: b3, carriedBy: '61234567', grossMassKg: 20_000 }] })
  await log.state('a wrong mass', wrong)
  await log.state('another\'s statement is not corrected', corrected(wrong, wrong.data, { by: uty }), 'RULE:NOT_OWN')
  await log.state('nor one that nobody made', corrected({ ...wrong, eventId: digestOf('never') }, wrong.data), 'RULE:UNKNOWN_REFERENCE')
  const refused = declared({ by: uty })
  await log.state('nor one that was refused', corrected(refused, refused.data), 'RULE:UNKNOWN_REFERENCE')
  await log.state('right data have the shape of the wrong', corrected(wrong, { loadings: [] }), 'RULE:CORRECTION_INVALID')
  await log.state('and name what is known', corrected(wrong, { ...wrong.data, loadings: [{ equipmentId: b5 }] }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('the right mass', corrected(wrong, { ...wrong.data, loadings: [{ equipmentId: b3, carriedBy: '61234567', grossMassKg: 24_000 }] }))
  const elsewhere = '01970000-0000-7000-8000-000000000002'
  await log.state('another consignment', issued({}, { subject: elsewhere }))
  await log.state('a correction stands where the statement stood', corrected(wrong, wrong.data, { subject: elsewhere }), 'RULE:UNKNOWN_REFERENCE')
  const offer = offered({ items: tendered(b2) })
  await log.state('an offer', offer)
  await log.state('correcting an act records the correction and moves nothing', corrected(offer, { ...offer.data, to: tdy }))
  await log.state('the offer stands as it was', answered(offer))
}

async function grant(log: VectorLog) {
  await log.state('a block nobody named', granted({ digest: digestOf('nothing') }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('who has not got the block does not give it', granted({ by: uzCustoms, reader: uzCustoms }), 'RULE:NOT_READER')
  await log.state('nobody is given it who has no node', granted({ reader: 'nobody' }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('a reader gives it on', granted({ reader: gr }))
  await log.state('the new reader is a party', moved({ by: gr, items: [b1] }))
  await log.state('and gives it on in turn', granted({ by: gr, digest: goodsBlock.digest, reader: uzCustoms }))
}
