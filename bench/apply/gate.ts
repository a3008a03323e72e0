/** One round of one contestant, as it saw it. */
export interface Round {
  readonly statements: number
  readonly ms: number
  /** Of the contestant's own process: all its threads, PostgreSQL and Kafka apart. */
  readonly cpuMs: number
  /** First offset it has not applied. */
  readonly next: number
  readonly accepted: number
  /** Resident memory of that process when the round ended. */
  readonly residentMib: number
}

/** How far a round goes: to an offset, or until the time is up, whichever comes first. */
export interface Stretch {
  readonly until: number
  readonly withinMs: number
}

/**
 * Lets a contestant apply in rounds, so that all take turns on one machine. It passes the gate before each message or batch and says afterwards what it
 * has done; between rounds it waits here with the next one in its hands: fetched, and nothing more done with it, so that no round pays for a connection or for another's time.
 */
export class Gate {
  #opened: { readonly stretch: Stretch; readonly at: number; readonly cpu: NodeJS.CpuUsage } | undefined
  #waiting: () => void = () => undefined
  #statements = 0
  #accepted = 0
  #later: { readonly from: number; readonly tell: () => void }[] = []

  constructor(private readonly ended: (round: Round) => void) {}

  open(stretch: Stretch): void {
    this.#statements = 0
    this.#accepted = 0
    this.#opened = { stretch, at: performance.now(), cpu: process.cpuUsage() }
    const later = this.#later
    this.#later = []
    for (const { from, tell } of later) this.whenItsTurn(from, tell)
    this.#waiting()
  }

  /** Tells of what begins at an offset in the round that this belongs to: nothing of a round is done before its clock runs. */
  whenItsTurn(from: number, tell: () => void): void {
    if (this.#opened && from < this.#opened.stretch.until) tell()
    else this.#later.push({ from, tell })
  }

  async pass(): Promise<void> {
    while (!this.#opened) await new Promise<void>((resolve) => (this.#waiting = resolve))
  }

  done(statements: number, accepted: number, next: number): void {
    if (!this.#opened) return
    const { stretch, at, cpu } = this.#opened
    this.#statements += statements
    this.#accepted += accepted
    const ms = performance.now() - at
    if (next < stretch.until && ms < stretch.withinMs) return
    this.#opened = undefined
    const { user, system } = process.cpuUsage(cpu)
    this.ended({ statements: this.#statements, ms, cpuMs: (user + system) / 1_000, next, accepted: this.#accepted, residentMib: process.memoryUsage.rss() / 2 ** 20 })
  }
}
