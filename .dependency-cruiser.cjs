// The layers, checked by `pnpm check`: contracts <- runtime <- kafka <- roster <- services; services never import services.
const only = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** What each package may import of the others. */
const LAYERS = {
  contracts: [],
  calendar: [],
  markup: [],
  letters: ["contracts", "markup"],
  runtime: ["contracts"],
  tokens: ["contracts"],
  kafka: ["runtime"],
  redis: ["runtime"],
  roster: ["contracts", "runtime", "kafka"],
  backing: ["runtime"],
  launcher: ["backing", "contracts", "kafka", "letters", "runtime"],
  testing: ["backing", "contracts"],
  // The audit goes round the services' own packages on purpose: it would find no mistake that it shared.
  audit: ["contracts"],
};

const layerRules = Object.entries(LAYERS).map(([name, allowed]) =>
  only(
    `layer-${name}`,
    `packages/${name} may import ${allowed.length > 0 ? allowed.join(", ") : "none"} of the other packages.`,
    { path: `^packages/${name}/src`, pathNot: "[.]test[.]ts$" },
    { path: "^(packages|services)/", pathNot: [`^packages/(${[name, ...allowed].join("|")})/`] },
  ),
);

/** Only these files import a client library. */
const CLIENTS = {
  kafkajs: "^packages/kafka/|^packages/audit/src/log/|^packages/(bench|e2e)/",
  mongodb:
    "^packages/roster/src/mongo/|^services/[^/]+/src/(adapters|main)|^packages/audit/src/databases/|/test/|^packages/(testing|e2e|bench|backing)/",
  ioredis: "^packages/redis/|/test/|^packages/(testing|e2e|bench)/",
  "@opentelemetry/[^/]+": "^packages/runtime/src/tracing/",
  nodemailer: "^services/email/src/(adapters|main)|/test/|^packages/bench/",
};

const clientRules = Object.entries(CLIENTS).map(([library, allowed]) =>
  only(
    `client-${library}`,
    `${library} is imported by adapters only.`,
    { path: "^(packages|services)/", pathNot: allowed },
    { path: `node_modules/${library}/`, dependencyTypesNot: ["type-only"] },
  ),
);

module.exports = {
  forbidden: [
    only("no-circular", "A circle has no first part to read.", {}, { circular: true }),
    only(
      "no-orphans",
      "A file that nothing uses is deleted.",
      {
        orphan: true,
        pathNot: [
          "[.]d[.]ts$",
          "vitest[.]config[.]ts$",
          "main[.]ts$",
          "[.]test[.]ts$",
          "/src/(start|index)[.]ts$",
          "backing-setup",
        ],
      },
      {},
    ),
    only(
      "services-are-apart",
      "Services never import services: they share packages and the log.",
      { path: "^services/([^/]+)/" },
      { path: "^services/", pathNot: "^services/$1/" },
    ),
    only(
      "packages-below-services",
      "No package imports a service, but benchmarks and end-to-end tests; the table of settings and the doctor read what they declare.",
      { path: "^packages/", pathNot: "^packages/(bench|e2e|settings|doctor)/" },
      { path: "^services/" },
    ),
    only(
      "declarations-only",
      "The table of settings and the doctor import what services declare, not what they do.",
      { path: "^packages/(settings|doctor)/src/" },
      {
        path: "^services/",
        pathNot: "^services/[^/]+/src/(config|settings-rules|database)[.]ts$|^services/email/src/doctor/",
      },
    ),
    only(
      "domain-is-pure",
      "A domain imports contracts, the roster's types and itself: no client, no adapter, no Node I/O.",
      { path: "^services/[^/]+/src/domain/", pathNot: "[.]test[.]ts$" },
      {
        path: "^services/[^/]+/src/(adapters|routes|handlers|app|main|config|database)|^packages/(kafka|backing|runtime)/|^(node:)?(fs|net|http|child_process|timers)",
      },
    ),
    only(
      "contracts-are-pure",
      "Contracts do no I/O.",
      { path: "^packages/contracts/src" },
      { dependencyTypes: ["core"], path: "^(node:)?(fs|net|http|https|child_process|dns|timers)" },
    ),
    only("main-wires", "Nothing imports a main.", {}, { path: "/src/main[.]ts$" }),
    ...layerRules,
    ...clientRules,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node"] },
  },
};
