// Preloaded into programs that are to run on Express 4, which is installed under another name.
const Module = require('node:module')

const resolve = Module._resolveFilename
Module._resolveFilename = function resolveExpress(request, ...rest) {
  return resolve.call(this, request.replace(/^express(?=\/|$)/, 'express-v4'), ...rest)
}
