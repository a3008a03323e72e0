/** Something the person at the keyboard can mend: one sentence says what and how. Anything else that is thrown is a bug and shows its stack. */
export class Complaint extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/** Codes of the local servers (infra/), of a corridor's data and of a mistyped option: their messages are such sentences, too. */
const plainCodes: ReadonlySet<unknown> = new Set([
  'KAFKA_NO_JAVA', 'KAFKA_NO_MAVEN', 'KAFKA_JARS', 'KAFKA_DIED', 'PORT_BUSY', 'DATA_FOLDER_IN_USE', 'POSTGRES_START_FAILED',
  'CORRIDOR_DATA', 'ERR_PARSE_ARGS_UNKNOWN_OPTION', 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
])

/** The sentence of a complaint, the stack of a bug. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isPlain = error instanceof Complaint || ('code' in error && plainCodes.has(error.code))
  return isPlain ? error.message : (error.stack ?? error.message)
}

/** Runs a command of package.json: what `main` returns is the exit code; a complaint is said in one sentence on stderr. */
export async function runCommand(main: (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<number>, failureCode = 1): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2), process.env)
  } catch (error) {
    console.error(`karvan: ${wordsOf(error)}`)
    process.exitCode = failureCode
  }
}
