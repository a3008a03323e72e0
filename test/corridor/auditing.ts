import type { Ended, RunningCorridor } from './running-corridor.js'

/** What `npm run -s audit -- --json` prints. */
export interface AuditReport {
  readonly corridor: string
  readonly topic: string
  readonly end: number
  readonly equal: boolean
  readonly nodes: readonly {
    readonly id: string
    readonly next: number
    readonly root: string
    readonly refusals: number
    readonly stateHash: string
    readonly equal: boolean
    readonly firstDifference: null | { readonly offset: number | null; readonly field: string; readonly expected: string | null; readonly found: string | null }
  }[]
}

/** Runs the audit as a user does. */
export async function audited(corridor: RunningCorridor): Promise<{ readonly code: number | null; readonly report: AuditReport }> {
  const { code, stdout, stderr }: Ended = await corridor.run('audit', ['--json'])
  if (stdout === '') throw new Error(`the audit could not be done (${code}): ${stderr}`)
  return { code, report: JSON.parse(stdout) as AuditReport } // the command's own output
}

/** First differences by node, of those that have one. */
export function differencesIn({ nodes }: AuditReport): Readonly<Record<string, AuditReport['nodes'][number]['firstDifference']>> {
  return Object.fromEntries(nodes.flatMap(({ id, firstDifference }) => (firstDifference ? [[id, firstDifference]] : [])))
}

/** Shows the table a person would see, without the rows of nodes that are equal. */
export async function showRed(corridor: RunningCorridor, title: string): Promise<void> {
  const { code, stdout } = await corridor.run('audit')
  const lines = stdout.split('\n').filter((line) => !/ equal$/.test(line))
  process.stdout.write(`\n${title}\n$ npm run audit\n${lines.join('\n')}\nexit ${code}\n\n`)
}
