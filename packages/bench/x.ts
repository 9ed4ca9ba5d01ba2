import { startBacking } from "@waitlist/backing";
import { benchStorage } from "./src/storage.ts";
const b = await startBacking({ home: "/tmp/wl-x", mode: "embedded", env: process.env, only: ["mongodb","kafka","redis"] });
console.log(JSON.stringify(await benchStorage({kafka:b.urls.kafka,mongodb:b.urls.mongodb,redis:b.urls.redis}),null,1));
await b.stop(); process.exit(0);
