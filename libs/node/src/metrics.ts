import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { ReaderEnd } from './feed-reader.js'
import type { AppliedNews, NodeStatus } from '#libs/exchange'

/** What is the process's own, event loop lag among it; once for all nodes of a process. */
const processRegistry = new Registry()
collectDefaultMetrics({ register: processRegistry })

/** What is asked of a node each time its metrics are read. */
export interface Gauged {
  status(): Promise<Pick<NodeStatus, 'ready' | 'isApplier' | 'next'>>
  /** First offset that the log does not have. */
  logEnd(): Promise<number>
  hasUndecided(): Promise<boolean>
  readonly feed: { readonly readers: number }
}

/** One node's metrics, named by its participant. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #verdicts = this.counter('karvan_verdicts_total', 'Records of the log by verdict and code.', ['verdict', 'code'])
  readonly #alarms = this.counter('karvan_alarms_total', 'Alarms by code.', ['code'])
  readonly #requests = new Histogram({
    name: 'karvan_http_request_seconds',
    help: 'HTTP answers by route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10, 30],
    registers: [this.#registry],
  })
  readonly #applied = this.gauge('karvan_applied_next', 'First offset not applied.')
  readonly #end = this.gauge('karvan_log_end', 'First offset the log does not have.')
  readonly #lag = this.gauge('karvan_log_lag', 'Records of the log not applied yet.')
  readonly #undecided = this.gauge('karvan_outbox_undecided', '1 while statements of this node wait for the log.')
  readonly #readers = this.gauge('karvan_stream_readers', 'Who reads along at /v1/stream.')
  readonly #readersGone = this.counter('karvan_stream_ended_total', 'Streams that ended, by how: gone, cut for being slow, ended by the node.', ['how'])
  readonly #isApplier = this.gauge('karvan_applier', '1 where this process applies the log.')
  readonly #ready = this.gauge('karvan_ready', '1 when the node can be worked with.')

  constructor(participant: string) {
    this.#registry.setDefaultLabels({ node: participant })
  }

  countApplied({ judged }: AppliedNews): void {
    for (const { verdict, code } of judged.entries) this.#verdicts.inc({ verdict, code: code ?? '' })
  }

  countReader(how: ReaderEnd): void {
    this.#readersGone.inc({ how })
  }

  countAlarm(code: string): void {
    this.#alarms.inc({ code })
  }

  observeRequest(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status: String(status) }, seconds)
  }

  /** In Prometheus's text form. What a dependency that is down would tell is left as it was. */
  async text(node: Gauged): Promise<string> {
    const [status, end, undecided] = await Promise.all([node.status(), node.logEnd().catch(() => undefined), node.hasUndecided().catch(() => undefined)])
    this.#applied.set(status.next)
    this.#isApplier.set(Number(status.isApplier))
    this.#ready.set(Number(status.ready))
    this.#readers.set(node.feed.readers)
    if (end !== undefined) {
      this.#end.set(end)
      this.#lag.set(Math.max(0, end - status.next))
    }
    if (undecided !== undefined) this.#undecided.set(Number(undecided))
    return `${await this.#registry.metrics()}\n${await processRegistry.metrics()}`
  }

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] })
  }

  private gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.#registry] })
  }
}
