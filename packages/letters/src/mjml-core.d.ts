// What the types of MJML's core leave out.
import "mjml-core";

declare module "mjml-core" {
  interface MJMLParsingOptions {
    presets?: readonly object[] | undefined;
  }
}
