import type { BeginInspection } from '#libs/signature'
import type { AppliedNews } from './applying.js'
import type { ExchangeCode } from './exchange-error.js'
import type { Log } from './log-port.js'
import type { PeerGet } from './peers.js'
import type { Clock, KeyStore, Ledger } from './ports.js'
import type { ViewsInCommon } from './views-in-common.js'

/** How batches are inspected; in the judging thread without. */
export interface Inspectors {
  /** What is read ahead, while catching up. */
  readonly ahead?: BeginInspection
  /** What is judged at once. */
  readonly atOnce?: BeginInspection
}

/** What an Exchange works with. */
export interface ExchangeParts {
  readonly corridor: { readonly id: string; readonly epoch: number }
  readonly participant: string
  readonly events: Log
  readonly particulars: Log
  readonly ledger: Ledger
  readonly keys: KeyStore
  readonly clock: Clock
  readonly random: (bytes: number) => Uint8Array
  /** Makes a lower-case UUIDv7 for a new consignment. */
  readonly newSubject: () => string
  readonly peerGet: PeerGet
  readonly inspect?: Inspectors | undefined
  /** Of all nodes of the process. */
  readonly views?: ViewsInCommon | undefined
  /** Something an operator must see; `detail` says what and where. */
  readonly onAlarm: (code: string, detail: string) => void
  /** Told after each commit, for whoever counts. */
  readonly onApplied?: (news: AppliedNews) => void
}

/** How a node is, told by its Exchange. */
export interface NodeStatus {
  readonly ready: boolean
  readonly reason?: ExchangeCode
  readonly detail?: string
  readonly isApplier: boolean
  readonly next: number
  readonly root: string
  readonly dependencies: { readonly log: 'up' | 'down'; readonly database: 'up' | 'down' }
}
