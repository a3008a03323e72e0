import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { matrixText } from './matrix.js'

/** node scripts/run.mjs generate-matrix: writes docs/matrix.md anew. */
writeFileSync(join('docs', 'matrix.md'), matrixText())
