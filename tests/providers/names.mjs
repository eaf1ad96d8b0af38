// A name server for the tests: it answers what it is told to, one JSON line per name on standard input:
// {"name": "_causeway.example.com", "texts": ["…"]}, or {"name": …, "broken": true} for a server that is out of order.
import { createInterface } from "node:readline";
import DNS from "dns2";

const { Packet } = DNS;
const known = new Map();
const server = DNS.createServer({
  udp: true,
  handle(request, send) {
    const response = Packet.createResponseFromRequest(request);
    const [question] = request.questions;
    const found = known.get(question.name.toLowerCase());
    if (found?.broken) response.header.rcode = 2;
    else if (!found) response.header.rcode = 3;
    else if (question.type === Packet.TYPE.TXT) {
      for (const data of found.texts) {
        response.answers.push({ name: question.name, type: Packet.TYPE.TXT, class: Packet.CLASS.IN, ttl: 0, data });
      }
    }
    send(response);
  },
});
await server.listen({ udp: { port: 0, address: "127.0.0.1" } });
console.log(JSON.stringify({ address: `127.0.0.1:${server.addresses().udp.port}` }));
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const told = JSON.parse(line);
    known.set(told.name, told);
    console.log(JSON.stringify({ done: told.name }));
  })
  .on("close", () => process.exit(0));
