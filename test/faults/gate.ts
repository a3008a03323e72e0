import type { NodePorts } from './real-node.js'

/** Holds whoever comes through while it is shut, as a long pause of a process would, anywhere but where the test wants it. */
export interface Gate {
  shut(): void
  open(): void
  /** How many stand before it. */
  readonly waiting: number
  pass(): Promise<void>
}

export function openGate(): Gate {
  let held: (() => void)[] | undefined
  return {
    shut: () => void (held ??= []),
    open: () => {
      const all = held ?? []
      held = undefined
      for (const go of all) go()
    },
    get waiting() {
      return held?.length ?? 0
    },
    pass: () => (held ? new Promise((go) => held?.push(go)) : Promise.resolve()),
  }
}

/** Ports whose ledger is held up right before the transaction that applies a batch. */
export function heldBeforeApplying(gate: Gate, onError: (error: unknown) => void = () => undefined): (ports: NodePorts) => NodePorts {
  return (ports) => ({
    ...ports,
    ledger: {
      ...ports.ledger,
      apply: async (batch) => {
        await gate.pass()
        return ports.ledger.apply(batch).catch((error: unknown) => {
          onError(error)
          throw error
        })
      },
    },
  })
}
