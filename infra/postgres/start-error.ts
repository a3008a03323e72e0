export type StartErrorCode = 'PORT_BUSY' | 'DATA_FOLDER_IN_USE' | 'POSTGRES_START_FAILED'

/** What keeps the local server from starting: a stable code for programs, a sentence for people. */
export function startError(code: StartErrorCode, message: string): Error & { readonly code: StartErrorCode } {
  return Object.assign(new Error(message), { code })
}
