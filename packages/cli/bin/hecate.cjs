#!/usr/bin/env node
'use strict';
// Starts the built command line. Plain old JavaScript, so that an old Node reaches the sentence that says so.
var fs = require('fs');
var path = require('path');

var version = process.versions.node.split('.').map(Number);
var main = path.join(__dirname, '..', 'dist', 'hecate.cjs');

if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  process.stderr.write('hecate needs Node 20.19 or newer, but this is Node ' + process.versions.node + '.\n');
  process.exitCode = 1;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  // Answered here, without the command parser and the stream machinery: 1.01 times an empty Node instead of 1.3.
  fs.writeSync(1, require('../package.json').version + '\n');
} else if (fs.existsSync(main)) {
  require(main);
} else {
  process.stderr.write('hecate is not built yet. Run "npm run setup" in its checkout.\n');
  process.exitCode = 1;
}
