/** Child process: ends at once. */
process.exitCode = 0
