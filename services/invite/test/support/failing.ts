/** The outside is away: what was asked of it has not happened. */
export class Outage extends Error {}

/** Calls that still work, shared by all ports of one owner. */
export interface Budget {
  calls: number;
}

/** A port that works for `budget.calls` calls, and then for none: as a port does it, by what it returns. */
export function failing<P extends object>(port: P, budget: Budget): P {
  return new Proxy(port, {
    get(target, name, receiver): unknown {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== "function") return method;
      return (...args: unknown[]): unknown => {
        budget.calls -= 1;
        if (budget.calls >= 0) return Reflect.apply(method, target, args);
        const outage = new Outage(String(name));
        return method instanceof AsyncGeneratorFunction ? endsWith(outage) : Promise.reject(outage);
      };
    },
  });
}

/** Not a global of the language. */
const AsyncGeneratorFunction = endsWith.constructor as FunctionConstructor;

async function* endsWith(outage: Outage): AsyncGenerator<never> {
  yield await Promise.reject<never>(outage);
}
