export { freePort, freshTopic, privateKafka, sharedKafka } from './local-kafka.js'
export { describeLog, type LogUnderTest } from './log-contract.js'
export { logAttacks, type LogAttack } from './log-attacks.js'
export { memoryTopic, type MemoryTopic, type RawRecord } from './memory-log.js'
export { until } from './until.js'
export { consignmentId, draft, envelopeOf, inspectionOf, jwkOf, kidOf, recordKeyOf, type Draft } from './draft.js'
export { openJudgedLog, type JudgedLog } from './judged-log.js'
export {
  admitted, authority, claimOf, encryptionKeyAdded, epochClosed, founding, keyAdded, keyCompromised, keyRecovered, keyRetired, proofBy, provesKey, registered,
  rulesActivated, suspended,
} from './register-builders.js'
export {
  alat, azCustoms, consignee, emptyLog, forwarder, freeZone, geCustoms, gr, haulier, line, smallCorridor, tdy, tmCustoms, turkmenbashi, uty, uzCustoms,
} from './small-corridor.js'
export {
  actAnswered, actDrawn, allBoxes, amended, answered, b1, b2, b3, b4, b5, box, cancelled, carriageAccepted, carriageAgreed, contract, corrected, decided, declared,
  delivery, goodsBlock, granted, held, issued, leg, legs, lifted, loaded, meansNominated, moved, movement, note, offered, remarked, sealsChanged, stop, tendered,
  vouched, withdrawn, words,
} from './builders.js'
export { handedOver, journey, toldIn, type Story } from './journey.js'
export { given, judged, type Outcome } from './given.js'
export { modelOf, type Model, type Participants } from './model.js'
export { happen, mayHappen } from './model-play.js'
export { participants, randomStatement, routes, type Choose } from './random-acts.js'
export { verdictCodes } from './verdict-codes.js'
export { refusals } from './refusals.js'
export type { RefusalCase } from './refusals/refusal-case.js'
export { freshDatabase, privatePostgres, sharedPostgres } from './local-postgres.js'
export { describeLedger, type LedgerUnderTest } from './ledger-contract.js'
export { memoryDatabase, stateHashIn, type MemoryDatabase } from './memory-database.js'
export { openMemoryLedger } from './memory-ledger.js'
