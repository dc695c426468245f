// Preloaded into programs whose port is written down, as 4000 in the README: they listen on a free loopback port
// instead, and tell the process that started them which.
const { Server } = require('node:net')

// oxlint-disable-next-line typescript/unbound-method -- it is called with its server below
const realListen = Server.prototype.listen
Server.prototype.listen = function listenOnAnyPort(...args) {
  const callback = args.findLast((arg) => typeof arg === 'function')
  this.once('listening', () => process.send?.({ port: this.address().port }))
  return realListen.call(this, { port: 0, host: '127.0.0.1' }, callback)
}
