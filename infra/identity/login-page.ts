import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type default as Provider } from 'oidc-provider'
import { loginPath } from './provider.js'
import type { Directory } from './users.js'

const maxBodyBytes = 4096

/**
 * Answers the login page: one form, no script. Returns false for any other path. The interaction behind it is bound to a cookie of its own path
 * (SameSite=Lax), so another site can neither read the page nor post the form.
 */
export async function answerLogin(
  provider: Provider,
  directory: Directory,
  formOrigins: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (!request.url?.startsWith(loginPath)) return false
  try {
    await provider.interactionDetails(request, response)
    if (request.method !== 'POST') return show(response, 200, formOrigins)
    const form = new URLSearchParams(await readBody(request))
    const person = directory.signIn(form.get('user') ?? '', form.get('password') ?? '')
    if (!person) return show(response, 401, formOrigins, 'User or password is wrong.')
    await provider.interactionFinished(request, response, { login: { accountId: person.subject } })
  } catch (error) {
    if (!(error instanceof errors.OIDCProviderError)) throw error
    response.writeHead(error.statusCode, { 'content-type': 'text/plain; charset=utf-8' }).end('This sign-in has expired. Go back to the page you came from.\n')
  }
  return true
}

/** `form-action` also binds the redirects that follow the form (Content Security Policy 3, section 6.4.1.1), so the pages' origins are in it. */
function show(response: ServerResponse, status: number, formOrigins: readonly string[], problem?: string): true {
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${formOrigins.join(' ')}; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
    })
    .end(page(problem))
  return true
}

function page(problem: string | undefined): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Karvan: sign in</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 22rem; margin: 15vh auto; padding: 0 1rem }
  label { display: block; margin-top: 1rem }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem }
  button { font: inherit; margin-top: 1.5rem; padding: .4rem 1.2rem }
  [role=alert] { color: #a00 }
</style>
<h1>Sign in</h1>
${problem === undefined ? '' : `<p role="alert">${problem}</p>`}
<form method="post">
  <label>User <input name="user" autocomplete="username" autocapitalize="none" required autofocus></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button>Sign in</button>
</form>
</html>
`
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) throw new errors.InvalidRequest('form too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
