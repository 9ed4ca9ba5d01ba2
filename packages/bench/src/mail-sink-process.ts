// A mail server that takes everything at once, and says when it has had as many as it was told to expect.
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

let expected = 0;
let taken = 0;

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  disableReverseLookup: true,
  onData: (message, _session, done) => {
    message.resume();
    message.once("end", () => {
      done();
      taken += 1;
      if (taken === expected) process.send?.("reached");
    });
  },
});
// A sender that is done may drop its connections.
server.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "ECONNRESET") throw error;
});
process.on("message", (count: number) => {
  expected = count;
  taken = 0;
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => {
  process.send?.(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`);
});
