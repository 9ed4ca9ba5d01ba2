// Who reads settings, and by which schema: the same that each process reads them with.
import type { TObject } from "@sinclair/typebox";
import { Config as EmailConfig } from "@waitlist/email/config";
import { GatewayConfig } from "@waitlist/gateway/config";
import { Config as InviteConfig } from "@waitlist/invite/config";
import { LagConfig, LauncherConfig } from "@waitlist/launcher";
import { Config as StorageConfig } from "@waitlist/storage/config";

export const SERVICES: Record<string, TObject> = {
  gateway: GatewayConfig,
  storage: StorageConfig,
  email: EmailConfig,
  invite: InviteConfig,
};

export const LAUNCHER: Record<string, TObject> = { "start, demo": LauncherConfig };

export const COMMANDS: Record<string, TObject> = { lag: LagConfig };
