export type {
  Allocation, AppliedBatch, ApplyOutcome, BlockNeed, ChainHead, Clock, Cursor, DecidedSubmission, DossierChange, DossierRow, Entry, FeedEntry, FeedRange, Following, IdempotencyKey, KeyStore, Ledger, Log, LogBatch, LogReader,
  LogRecord, NewRecord, OutboxStatement, OutgoingBlock, RelayRow, SigningKey, Submission, SubmitOutcome, Term, TreeHead, Verdict, ViewFailure,
} from './ports.js'
export type { CallKeeping, KeptCall, KeptPart, NewCall, PartKey } from './kept-call.js'
export type { AppliedNews } from './applying.js'
export { Asking, type FeedPage, type Found, type KeptBlock } from './asking.js'
export type { SubmitRequest, SubmitResult } from './answering.js'
export { Exchange, type ExchangeParts, type NodeStatus } from './exchange.js'
export { codeOf, ExchangeError, type ExchangeCode } from './exchange-error.js'
export type { Follow } from './following.js'
export { checkpointInterval, headOf, judgeBatch, type JudgedBatch, type JudgedRecord, type Known } from './judging.js'
export { blockPath, Peers, requestHeader, type PeerGet } from './peers.js'
export { ReadAhead } from './read-ahead.js'
export { keepFollowing, type FollowingSession } from './keep-following.js'
export { endsFollowing, LogError, type LogFault } from './log-error.js'
export { envelopeIn, toldOf } from './reading-entries.js'
export { Replay, stateHashOf } from './replaying.js'
export { signStatement } from './submitting.js'
