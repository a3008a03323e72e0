/** Nothing from elsewhere and nothing inline; the library draws its arrows as `data:` pictures and sets widths on its own elements. */
export const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export function docsPage(participant: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Karvan API of ${participant}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="api"></div>
<noscript>This page needs JavaScript; the same stands in <a href="/openapi.json">openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`
}

/**
 * Shows the description of this very node. In the page a token is pasted: the sign-in of the identity provider would be another address, and the
 * validator that Swagger UI asks by default is one, too.
 */
export const docsScript = `fetch('/openapi.json')
  .then((answer) => answer.json())
  .then((spec) => {
    const { description } = spec.components.securitySchemes.token
    spec.components.securitySchemes.token = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description }
    spec.servers = [{ url: location.origin }]
    SwaggerUIBundle({
      spec,
      dom_id: '#api',
      deepLinking: true,
      validatorUrl: null,
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      presets: [SwaggerUIBundle.presets.apis],
      layout: 'BaseLayout',
    })
  })
  .catch((error) => {
    document.getElementById('api').textContent = 'The description of this node could not be read: ' + error
  })
`
