// One HTTP server: every answer says who gave it.
'use strict';
const http = require('http');

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
const server = http.createServer((request, response) => {
    response.setHeader('Connection', 'close');
    response.end(`instance=${process.env.JOBWARDEN_INSTANCE} pid=${process.pid} port=${port}\n`);
});

process.on('SIGINT', () => {
    console.log('got SIGINT');
    server.close();
    process.exit(0);
});
server.listen(port, '127.0.0.1', () => console.log(`listening on ${port}`));
