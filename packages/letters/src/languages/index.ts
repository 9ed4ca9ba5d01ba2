// The languages that mails are written in. A further one is a file beside these and its line here.
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import { ptBR } from "./pt-br.ts";
import type { Words } from "./words.ts";

/** The first one is that of those whose language isn't here. */
export const LANGUAGES: readonly [Words, ...Words[]] = [en, de, fr, es, ptBR, ja, ar];
