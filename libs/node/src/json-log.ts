import type { LoggerService } from '@nestjs/common'

export type LogLevel = 'info' | 'warn' | 'error'

/** One JSON object a line. What is told is data, not prose: `code` and facts beside the sentence. */
export type Say = (level: LogLevel, message: string, facts?: Readonly<Record<string, unknown>>) => void

/** @param common stands in every line, such as the node's name */
export function jsonLog(common: Readonly<Record<string, unknown>>, write: (line: string) => void = (line) => void process.stdout.write(line)): Say {
  return (level, message, facts = {}) => write(`${JSON.stringify({ time: new Date().toISOString(), level, ...common, ...facts, message })}\n`)
}

/** Nest's own words through the same lines; its chatter about routes and modules is left out. */
export function nestLogger(say: Say): LoggerService {
  const told =
    (level: LogLevel) =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1)
      const text = message instanceof Error ? (message.stack ?? message.message) : typeof message === 'string' ? message : JSON.stringify(message)
      say(level, text, { ...(typeof context === 'string' && { context }) })
    }
  return { log: () => undefined, debug: () => undefined, verbose: () => undefined, warn: told('warn'), error: told('error'), fatal: told('error') }
}
