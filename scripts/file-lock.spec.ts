import { afterAll, describe, expect, it } from '@jest/globals'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withFileLock } from './file-lock.js'

const folder = mkdtempSync(join(tmpdir(), 'karvan-lock-'))
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))

const lock = () => join(mkdtempSync(join(folder, 'data-')), 'authority', 'lock')

describe('what only one process may do at a time', () => {
  it('is refused to the second while the first is at it', async () => {
    const file = lock()
    await withFileLock(file, async () => {
      await expect(withFileLock(file, () => Promise.resolve())).rejects.toMatchObject({ code: 'LOCKED' })
    })
    expect(existsSync(file)).toBe(false)
  })

  it('is free again when the act fails', async () => {
    const file = lock()
    await expect(withFileLock(file, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
    await expect(withFileLock(file, () => Promise.resolve('done'))).resolves.toBe('done')
  })

  it('is not held up by a process that died at it', async () => {
    const file = lock()
    await withFileLock(file, () => Promise.resolve()) // makes the folder
    writeFileSync(file, '999999999 0')
    await expect(withFileLock(file, () => Promise.resolve('done'))).resolves.toBe('done')
  })
})
