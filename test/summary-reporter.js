/** Jest's own summary is not one line that other tools can read; this one is: `N passed, N failed`. */
export default class SummaryReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, numFailedTestSuites }) {
    const failed = numFailedTests + (numFailedTests === 0 ? Math.max(numRuntimeErrorTestSuites, numFailedTestSuites) : numRuntimeErrorTestSuites)
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
    process.stdout.write(`${numPassedTests} passed, ${failed} failed${skipped}\n`)
  }
}
