import type { Words } from "../words.ts";

const SIGNED_UP =
  "Vous recevez cet e-mail parce que cette adresse a été inscrite sur la liste d’attente de {{ list }}. " +
  "Si ce n’était pas vous, vous n’avez rien à faire.";

export const words: Words = {
  tag: "fr",
  direction: "ltr",
  formats: "fr-FR",
  fonts: "",
  letters: {
    confirmation: {
      subject: "Confirmez votre place sur la liste d’attente de {{ list }}",
      body: [
        "# Vous y êtes presque",
        "Merci de votre inscription à {{ list }}. Il ne reste qu’à nous confirmer que cette adresse est bien la vôtre.",
        "> Réservé pour vous\n> **{{ position }}**",
        "[Confirmer ma place]({{ confirmUrl }})",
        "Le numéro {{ position }} vous est réservé depuis votre inscription. Prenez votre temps\u00a0: confirmer plus tard ne " +
          "vous fait pas reculer.",
        "Vous ne vous êtes pas inscrit(e)\u00a0? Ignorez simplement cet e-mail. Il mène à une page avec un bouton, et rien ne " +
          "se passe tant que vous n’appuyez pas dessus.",
      ],
      reason:
        "Vous recevez cet e-mail parce que quelqu’un a saisi cette adresse sur la liste d’attente de {{ list }}.",
    },
    welcome: {
      subject: "Vous êtes n°\u00a0{{ position }} sur la liste d’attente de {{ list }}",
      body: [
        "# Vous êtes sur la liste",
        "Merci de votre inscription à {{ list }}. Nous sommes ravis de vous compter parmi nous.",
        "> Votre place sur la liste d’attente\n> **{{ position }}**",
        "Les places sont attribuées dans l’ordre des inscriptions, et les invitations partent dans ce même ordre. Votre " +
          "numéro vous appartient\u00a0: il ne changera pas, et vous n’avez rien à faire pour le garder.",
        "Nous vous écrirons à cette adresse quand votre tour viendra. D’ici là, vous pouvez voir où vous en êtes\u00a0:",
        "[Voir où j’en suis]({{ statusUrl }})",
        "Ce lien vous est personnel\u00a0: merci de ne pas transférer cet e-mail.",
      ],
      reason: SIGNED_UP,
    },
    already: {
      subject:
        "{% if pending %}Votre place sur la liste d’attente de {{ list }} attend votre confirmation" +
        "{% else %}Vous êtes déjà sur la liste d’attente de {{ list }}{% endif %}",
      body: [
        "{% if pending %}",
        "# Votre place vous attend",
        "Cette adresse vient d’être inscrite une nouvelle fois à {{ list }}. Vous avez déjà une place, il ne manque que votre " +
          "confirmation.",
        "> Réservé pour vous\n> **{{ position }}**",
        "Elle vous est réservée depuis votre première inscription, et confirmer plus tard ne vous fait pas reculer.",
        "[Confirmer ma place]({{ placeUrl }})",
        "Si vous n’êtes pas à l’origine de cette inscription, ignorez cet e-mail\u00a0: rien ne se passe tant que vous " +
          "n’appuyez pas sur le bouton de la page suivante.",
        "{% else %}",
        "# Vous êtes déjà sur la liste",
        "Cette adresse vient d’être inscrite une nouvelle fois à {{ list }}. Ce n’était pas nécessaire\u00a0: vous avez déjà " +
          "une place.",
        "> Votre place sur la liste d’attente\n> **{{ position }}**",
        "{% if invited %}Mieux encore\u00a0: votre invitation a été envoyée à cette adresse. Si vous ne la trouvez pas, pensez à " +
          "regarder dans vos courriers indésirables.{% else %}Une nouvelle inscription ne change rien\u00a0: votre numéro " +
          "vous appartient, et nous vous écrirons à cette adresse quand votre tour viendra.{% endif %}",
        "[Voir où j’en suis]({{ placeUrl }})",
        "{% endif %}",
      ],
      reason:
        "{% if pending %}Vous recevez cet e-mail parce que quelqu’un a de nouveau saisi cette adresse sur la liste d’attente " +
        "de {{ list }}.{% else %}Vous recevez cet e-mail parce que cette adresse a été inscrite une nouvelle fois sur la " +
        "liste d’attente de {{ list }}. Si ce n’était pas vous, vous n’avez rien à faire.{% endif %}",
    },
    invite: {
      subject: "Votre invitation à {{ list }} est arrivée",
      body: [
        "# C’est votre tour{% if name %}, {{ name }}{% endif %}",
        "Merci de votre patience. Vous étiez n°\u00a0{{ position }} sur la liste, et voici votre invitation à {{ list }}.",
        "[Accepter l’invitation]({{ inviteUrl }})",
        "> Votre code\n> **{{ code }}**",
        "Elle vous est destinée, ne s’utilise qu’une fois et reste valable jusqu’au {{ expiresAt }}.",
        "Vous pouvez aussi [voir où vous en êtes]({{ statusUrl }}) sur la liste d’attente.",
      ],
      reason: "Vous recevez cet e-mail parce que cette adresse figure sur la liste d’attente de {{ list }}.",
    },
    reminder: {
      subject: "Votre invitation à {{ list }} vous attend toujours",
      body: [
        "# Votre invitation vous attend{% if name %}, {{ name }}{% endif %}",
        "Une place chez {{ list }} vous est gardée et votre invitation est toujours ouverte. Elle est valable jusqu’au " +
          "{{ expiresAt }}.",
        "[Accepter l’invitation]({{ inviteUrl }})",
        "> Votre code\n> **{{ code }}**",
        "Elle ne s’utilise qu’une fois. Si vous avez changé d’avis, vous n’avez rien à faire.",
        "Vous pouvez aussi [voir où vous en êtes]({{ statusUrl }}) sur la liste d’attente.",
      ],
      reason:
        "Vous recevez cet unique rappel parce que cette adresse a été invitée depuis la liste d’attente de {{ list }}.",
    },
    expired: {
      subject: "Votre invitation à {{ list }} a expiré",
      body: [
        "# Votre invitation a expiré",
        "{% if name %}Bonjour {{ name }}, votre{% else %}Votre{% endif %} invitation à {{ list }} n’a pas été utilisée à temps\u00a0: son code ne fonctionne plus.",
        "{% if requeued %}Vous n’avez pas perdu votre place\u00a0: vous attendez de nouveau, avec le numéro que vous avez " +
          "toujours eu, et nous vous écrirons à cette adresse dès que votre prochaine invitation sera prête." +
          "{% else %}Vous n’avez rien à faire. Merci d’avoir patienté avec nous.{% endif %}",
        "{% if requeued %}",
        "> Votre place sur la liste d’attente\n> **{{ position }}**",
        "{% endif %}",
        "[Voir où j’en suis]({{ statusUrl }})",
      ],
      reason:
        "Vous recevez cet e-mail parce que cette adresse a été invitée depuis la liste d’attente de {{ list }}.",
    },
  },
  leave: "Quitter la liste d’attente",
  privacy: "Confidentialité",
  colon: "\u00a0:",
};
