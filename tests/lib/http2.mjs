// SPDX-License-Identifier: MIT
// Speaks HTTP/2 and HTTP/1.1 over TLS before a server that speaks neither.
//
// usage: http2.mjs URL CERTIFICATE KEY FILE
//
// Prints its port, and notes in FILE a line for each request: the number of
// its connection, the version, the method and the path.
import fs from "node:fs";
import http from "node:http";
import http2 from "node:http2";

const [to, cert, key, file] = process.argv.slice(2);
let connections = 0;
const server = http2.createSecureServer({
  allowHTTP1: true,
  cert: fs.readFileSync(cert),
  key: fs.readFileSync(key),
});

server.on("secureConnection", (socket) => {
  socket.number = ++connections;
});
server.on("request", (request, answer) => {
  const socket = request.stream?.session?.socket ?? request.socket;
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !name.startsWith(":")));
  headers.host = request.authority ?? request.headers.host;
  fs.appendFileSync(file, `${socket.number} ${request.httpVersion} ` +
    `${request.method} ${request.url}\n`);
  const forward = http.request(new URL(request.url, to),
    {method: request.method, headers}, (got) => {
      const back = {...got.headers};
      for (const name of ["connection", "keep-alive", "transfer-encoding"])
        delete back[name];
      answer.writeHead(got.statusCode, back);
      got.pipe(answer);
    });
  forward.on("error", () => answer.destroy());
  request.pipe(forward);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
