import { parseArgs } from 'node:util'
import type { Watched } from './follow-stream.js'

export interface WatchArguments extends Pick<Watched, 'from'> {
  readonly user: string
  readonly filter: NonNullable<Watched['filter']>
}

/** What the command was told; undefined where it cannot be meant. Throws what `parseArgs` does for options that there are not. */
export function readWatchArguments(args: readonly string[]): WatchArguments | undefined {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: withMinusOne(args), options: { as: text, consignment: text, place: text, means: text, from: text } })
  const { as: user, from, ...filter } = values
  if (user === undefined || (from !== undefined && !/^(?:-1|[0-9]{1,15})$/.test(from))) return undefined
  return { user, filter, ...(from !== undefined && { from: Math.max(0, Number(from)) }) }
}

/** The stream calls the place before the first record -1, so people write it here; `parseArgs` takes it for an option unless it hangs on by `=`. */
function withMinusOne(args: readonly string[]): string[] {
  return args.flatMap((arg, at) => (arg === '--from' && args[at + 1] === '-1' ? ['--from=-1'] : arg === '-1' && args[at - 1] === '--from' ? [] : [arg]))
}
