import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { startError } from './start-error.js'

/** The account the server runs as; empty: our own. */
export type Account = { readonly uid: number; readonly gid: number } | { readonly uid?: never; readonly gid?: never }

const run = promisify(execFile)

/** PostgreSQL refuses to run as root (in containers everybody is), so root lends it the account `postgres`, made where there is none. */
export async function serverAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  return (await accountOf('postgres')) ?? (await makeAccount('postgres'))
}

async function accountOf(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)))
    return uid === undefined || gid === undefined ? undefined : { uid, gid }
  } catch {
    return undefined
  }
}

async function makeAccount(name: string): Promise<Account> {
  await run('groupadd', ['--force', name])
  await run('useradd', ['--gid', name, name])
  const account = await accountOf(name)
  if (account === undefined) throw startError('POSTGRES_START_FAILED', `the account ${name} cannot be made; run as an ordinary user`)
  return account
}
