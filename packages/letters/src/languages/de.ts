import type { Words } from "../words.ts";

const SIGNED_UP =
  "Du bekommst diese Mail, weil diese Adresse auf die Warteliste von {{ list }} gesetzt wurde. " +
  "Falls du das nicht warst, musst du nichts tun.";

export const words: Words = {
  tag: "de",
  direction: "ltr",
  formats: "de-DE",
  fonts: "",
  letters: {
    confirmation: {
      subject: "Bitte bestätige deinen Platz auf der Warteliste von {{ list }}",
      body: [
        "# Fast geschafft",
        "Danke, dass du dich für {{ list }} eingetragen hast. Bitte sag uns noch, dass diese Adresse wirklich dir gehört.",
        "> Für dich reserviert\n> **{{ position }}**",
        "[Platz bestätigen]({{ confirmUrl }})",
        "Nummer {{ position }} ist seit dem Moment deiner Anmeldung für dich reserviert. Lass dir also Zeit: Wer später " +
          "bestätigt, rutscht nicht nach hinten.",
        "Du hast dich gar nicht eingetragen? Dann ignoriere diese Mail einfach. Sie führt zu einer Seite mit einem " +
          "Knopf, und nur wenn du den drückst, passiert etwas.",
      ],
      reason:
        "Du bekommst diese Mail, weil jemand diese Adresse auf der Warteliste von {{ list }} eingetragen hat.",
    },
    welcome: {
      subject: "Du bist Nummer {{ position }} auf der Warteliste von {{ list }}",
      body: [
        "# Du stehst auf der Liste",
        "Danke, dass du dich für {{ list }} eingetragen hast. Schön, dass du dabei bist.",
        "> Dein Platz auf der Warteliste\n> **{{ position }}**",
        "Die Plätze werden in der Reihenfolge der Anmeldungen vergeben, und genau so gehen auch die Einladungen hinaus. " +
          "Deine Nummer gehört dir: Sie ändert sich nicht, und du musst nichts tun, um sie zu behalten.",
        "Sobald du an der Reihe bist, schreiben wir dir an diese Adresse. Bis dahin kannst du jederzeit nachsehen, wo du " +
          "stehst:",
        "[Wo stehe ich?]({{ statusUrl }})",
        "Der Link ist nur für dich gedacht. Bitte leite diese Mail nicht weiter.",
      ],
      reason: SIGNED_UP,
    },
    already: {
      subject:
        "{% if pending %}Dein Platz auf der Warteliste von {{ list }} wartet noch auf deine Bestätigung" +
        "{% else %}Du stehst schon auf der Warteliste von {{ list }}{% endif %}",
      body: [
        "{% if pending %}",
        "# Dein Platz wartet auf dich",
        "Diese Adresse wurde gerade noch einmal für {{ list }} eingetragen. Einen Platz hast du schon, es fehlt nur noch " +
          "deine Bestätigung.",
        "> Für dich reserviert\n> **{{ position }}**",
        "Er ist seit deiner ersten Anmeldung reserviert, und wer später bestätigt, rutscht nicht nach hinten.",
        "[Platz bestätigen]({{ placeUrl }})",
        "Falls du dich gar nicht eingetragen hast, ignoriere diese Mail einfach: Solange du den Knopf auf der nächsten " +
          "Seite nicht drückst, passiert nichts.",
        "{% else %}",
        "# Du stehst schon auf der Liste",
        "Diese Adresse wurde gerade noch einmal für {{ list }} eingetragen. Das war nicht nötig: Du hast einen Platz.",
        "> Dein Platz auf der Warteliste\n> **{{ position }}**",
        "{% if invited %}Noch besser: Deine Einladung ist schon an diese Adresse gegangen. Wenn du sie nicht findest, sieh " +
          "bitte auch im Spam-Ordner nach.{% else %}Eine zweite Anmeldung ändert nichts: Deine Nummer gehört dir, und wir " +
          "schreiben dir an diese Adresse, sobald du an der Reihe bist.{% endif %}",
        "[Wo stehe ich?]({{ placeUrl }})",
        "{% endif %}",
      ],
      reason:
        "{% if pending %}Du bekommst diese Mail, weil jemand diese Adresse noch einmal auf der Warteliste von {{ list }} " +
        "eingetragen hat.{% else %}Du bekommst diese Mail, weil diese Adresse noch einmal auf der Warteliste von " +
        "{{ list }} eingetragen wurde. Falls du das nicht warst, musst du nichts tun.{% endif %}",
    },
    invite: {
      subject: "Deine Einladung zu {{ list }} ist da",
      body: [
        "# Du bist dran{% if name %}, {{ name }}{% endif %}",
        "Danke fürs Warten. Du warst Nummer {{ position }} auf der Liste, und hier ist deine Einladung zu {{ list }}.",
        "[Einladung annehmen]({{ inviteUrl }})",
        "> Dein Code\n> **{{ code }}**",
        "Die Einladung ist für dich bestimmt, lässt sich einmal einlösen und gilt bis {{ expiresAt }}.",
        "Du kannst auch [nachsehen, wo du auf der Warteliste stehst]({{ statusUrl }}).",
      ],
      reason: "Du bekommst diese Mail, weil diese Adresse auf der Warteliste von {{ list }} steht.",
    },
    reminder: {
      subject: "Deine Einladung zu {{ list }} wartet noch auf dich",
      body: [
        "# Deine Einladung wartet{% if name %}, {{ name }}{% endif %}",
        "Bei {{ list }} ist ein Platz für dich frei, und deine Einladung ist noch offen. Sie gilt bis {{ expiresAt }}.",
        "[Einladung annehmen]({{ inviteUrl }})",
        "> Dein Code\n> **{{ code }}**",
        "Sie lässt sich einmal einlösen. Wenn du es dir anders überlegt hast, musst du nichts tun.",
        "Du kannst auch [nachsehen, wo du auf der Warteliste stehst]({{ statusUrl }}).",
      ],
      reason:
        "Du bekommst diese eine Erinnerung, weil diese Adresse von der Warteliste von {{ list }} eingeladen wurde.",
    },
    expired: {
      subject: "Deine Einladung zu {{ list }} ist abgelaufen",
      body: [
        "# Deine Einladung ist abgelaufen",
        "{% if name %}Hallo {{ name }}, deine{% else %}Deine{% endif %} Einladung zu {{ list }} wurde nicht rechtzeitig eingelöst, darum funktioniert ihr Code nicht mehr.",
        "{% if requeued %}Deinen Platz hast du nicht verloren: Du wartest wieder mit, unter derselben Nummer wie immer, und " +
          "wir schreiben dir an diese Adresse, sobald deine nächste Einladung bereit ist.{% else %}Du musst nichts " +
          "weiter tun. Danke, dass du mit uns gewartet hast.{% endif %}",
        "{% if requeued %}",
        "> Dein Platz auf der Warteliste\n> **{{ position }}**",
        "{% endif %}",
        "[Wo stehe ich?]({{ statusUrl }})",
      ],
      reason:
        "Du bekommst diese Mail, weil diese Adresse von der Warteliste von {{ list }} eingeladen wurde.",
    },
  },
  leave: "Warteliste verlassen",
  privacy: "Datenschutz",
  colon: ":",
};
