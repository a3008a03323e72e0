import type { NodeDatabase } from '../infra/postgres/node-database.js'

/** What a process that follows a bench's log has to know. */
export interface ObserverPlan {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly particularsTopic: string
  readonly corridor: { readonly id: string; readonly epoch: number }
  /** The participant whose node it is. */
  readonly participant: string
  readonly database: NodeDatabase
}
