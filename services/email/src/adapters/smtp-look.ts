// What a mail server says of itself: a connection that sends no mail.
import SMTPConnection from "nodemailer/lib/smtp-connection";
import SMTPPool from "nodemailer/lib/smtp-pool";

export interface ServerLook {
  /** The connection is encrypted, from the beginning or by STARTTLS. */
  secure: boolean;
  /** Of those that nodemailer knows: SMTPUTF8, DSN, 8BITMIME, PIPELINING, SIZE. */
  extensions: string[];
  /** The largest message in bytes that it says it takes; null where it doesn't say. */
  largest: number | null;
  /** It took the user's name and password; null where there are none to show, or it asks for none. */
  authenticated: boolean | null;
}

type ConnectionOptions = NonNullable<ConstructorParameters<typeof SMTPConnection>[0]>;

/** The name of a way to log in that only looks: nodemailer hands such ones what the server offers. */
const LOOK = "LOOK";

/**
 * Connects, reads what the server offers and, where `auth` is given, logs in; then leaves. Rejects with nodemailer's error
 * where there is no server to talk to, or it refuses the login: `command` says which.
 */
export function lookAtServer(
  options: ConnectionOptions,
  auth?: { user?: string | undefined; pass?: string | undefined },
): Promise<ServerLook> {
  return new Promise((resolve, reject) => {
    let seen: Pick<ServerLook, "extensions" | "largest"> = { extensions: [], largest: null };
    const connection = new SMTPConnection({
      ...options,
      customAuth: {
        [LOOK]: ({ extensions, maxAllowedSize, resolve: seenAll }) => {
          seen = { extensions: [...extensions], largest: maxAllowedSize || null };
          seenAll();
        },
      },
    });
    const fail = (error: unknown) => {
      // First: closing is told of as an end, too.
      reject(error);
      connection.close();
    };
    const done = (authenticated: boolean | null) => {
      resolve({ ...seen, secure: connection.secure, authenticated });
      connection.quit();
    };
    // Later ones, too: nobody else listens.
    connection.on("error", fail);
    connection.once("end", () => reject(new Error("the server closed the connection")));
    connection.connect((error) => {
      if (error) return fail(error);
      connection.login({ method: LOOK, user: LOOK, pass: LOOK }, () => {
        if (!auth?.user || !connection.allowsAuth) return done(null);
        connection.login({ ...auth }, (refused) => (refused ? fail(refused) : done(true)));
      });
    });
  });
}

/** How long a look may take at each step, in milliseconds. */
const PATIENCE_MS = 10_000;

/** The same for a server as `SMTP_URL` names it. */
export function lookAtUrl(url: string): Promise<ServerLook> {
  // The pool reads such addresses; it connects to nobody by itself.
  const { options } = new SMTPPool({ url });
  const patience = {
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  };
  return lookAtServer({ ...options, ...patience }, options.auth);
}
