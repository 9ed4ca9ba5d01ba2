import type { Words } from "../words.ts";

const SIGNED_UP =
  "Você recebeu este e-mail porque este endereço foi inscrito na lista de espera de {{ list }}. " +
  "Se não foi você, não é preciso fazer nada.";

export const words: Words = {
  tag: "pt-BR",
  direction: "ltr",
  formats: "pt-BR",
  fonts: "",
  letters: {
    confirmation: {
      subject: "Confirme seu lugar na lista de espera de {{ list }}",
      body: [
        "# Falta pouco",
        "Obrigado por se inscrever em {{ list }}. Só falta confirmar que este endereço é mesmo seu.",
        "> Reservado para você\n> **{{ position }}**",
        "[Confirmar meu lugar]({{ confirmUrl }})",
        "O número {{ position }} está reservado para você desde o momento da sua inscrição. Não precisa ter pressa: confirmar " +
          "mais tarde não faz você perder posições.",
        "Não foi você quem se inscreveu? Então é só ignorar este e-mail. Ele leva a uma página com um botão, e nada acontece " +
          "enquanto você não clicar nele.",
      ],
      reason:
        "Você recebeu este e-mail porque alguém informou este endereço na lista de espera de {{ list }}.",
    },
    welcome: {
      subject: "Você é o número {{ position }} na lista de espera de {{ list }}",
      body: [
        "# Você está na lista",
        "Obrigado por se inscrever em {{ list }}. Que bom ter você aqui.",
        "> Seu lugar na lista de espera\n> **{{ position }}**",
        "Os lugares são dados por ordem de inscrição, e os convites saem nessa mesma ordem. Seu número é seu: ele não muda, e " +
          "você não precisa fazer nada para mantê-lo.",
        "Vamos escrever para este endereço quando chegar a sua vez. Até lá, você pode acompanhar a sua posição:",
        "[Ver minha posição]({{ statusUrl }})",
        "O link é só seu, então, por favor, não encaminhe este e-mail.",
      ],
      reason: SIGNED_UP,
    },
    already: {
      subject:
        "{% if pending %}Falta confirmar seu lugar na lista de espera de {{ list }}" +
        "{% else %}Você já está na lista de espera de {{ list }}{% endif %}",
      body: [
        "{% if pending %}",
        "# Seu lugar está esperando por você",
        "Este endereço acaba de ser inscrito mais uma vez em {{ list }}. Você já tem um lugar; só falta a sua confirmação.",
        "> Reservado para você\n> **{{ position }}**",
        "Ele está reservado desde a sua primeira inscrição, e confirmar mais tarde não faz você perder posições.",
        "[Confirmar meu lugar]({{ placeUrl }})",
        "Se não foi você quem se inscreveu, é só ignorar este e-mail: nada acontece enquanto você não clicar no botão da " +
          "página a que ele leva.",
        "{% else %}",
        "# Você já está na lista",
        "Este endereço acaba de ser inscrito mais uma vez em {{ list }}. Não precisava: você já tem um lugar.",
        "> Seu lugar na lista de espera\n> **{{ position }}**",
        "{% if invited %}Melhor ainda: seu convite já foi enviado para este endereço. Se não o encontrar, olhe também na pasta " +
          "de spam.{% else %}Uma nova inscrição não muda nada: seu número é seu, e vamos escrever para este endereço quando " +
          "chegar a sua vez.{% endif %}",
        "[Ver minha posição]({{ placeUrl }})",
        "{% endif %}",
      ],
      reason:
        "{% if pending %}Você recebeu este e-mail porque alguém informou este endereço mais uma vez na lista de espera de " +
        "{{ list }}.{% else %}Você recebeu este e-mail porque este endereço foi inscrito mais uma vez na lista de espera de " +
        "{{ list }}. Se não foi você, não é preciso fazer nada.{% endif %}",
    },
    invite: {
      subject: "Seu convite para {{ list }} chegou",
      body: [
        "# Chegou a sua vez{% if name %}, {{ name }}{% endif %}",
        "Obrigado por esperar. Você era o número {{ position }} da lista, e aqui está seu convite para {{ list }}.",
        "[Aceitar o convite]({{ inviteUrl }})",
        "> Seu código\n> **{{ code }}**",
        "Ele é para você, vale uma única vez e pode ser usado até {{ expiresAt }}.",
        "Você também pode [ver sua posição]({{ statusUrl }}) na lista de espera.",
      ],
      reason: "Você recebeu este e-mail porque este endereço está na lista de espera de {{ list }}.",
    },
    reminder: {
      subject: "Seu convite para {{ list }} ainda espera por você",
      body: [
        "# Seu convite está esperando{% if name %}, {{ name }}{% endif %}",
        "Guardamos um lugar para você em {{ list }}, e seu convite continua aberto. Ele pode ser usado até {{ expiresAt }}.",
        "[Aceitar o convite]({{ inviteUrl }})",
        "> Seu código\n> **{{ code }}**",
        "Ele vale uma única vez. Se você mudou de ideia, não é preciso fazer nada.",
        "Você também pode [ver sua posição]({{ statusUrl }}) na lista de espera.",
      ],
      reason:
        "Você recebeu este único lembrete porque este endereço foi convidado a partir da lista de espera de {{ list }}.",
    },
    expired: {
      subject: "Seu convite para {{ list }} expirou",
      body: [
        "# Seu convite expirou",
        "{% if name %}Olá, {{ name }}! Seu{% else %}Seu{% endif %} convite para {{ list }} não foi usado a tempo, então o código não funciona mais.",
        "{% if requeued %}Você não perdeu o seu lugar: está de novo na espera, com o número que sempre teve, e vamos escrever " +
          "para este endereço quando o seu próximo convite estiver pronto.{% else %}Não é preciso fazer nada. Obrigado por " +
          "ter esperado com a gente.{% endif %}",
        "{% if requeued %}",
        "> Seu lugar na lista de espera\n> **{{ position }}**",
        "{% endif %}",
        "[Ver minha posição]({{ statusUrl }})",
      ],
      reason:
        "Você recebeu este e-mail porque este endereço foi convidado a partir da lista de espera de {{ list }}.",
    },
  },
  leave: "Sair da lista de espera",
  privacy: "Privacidade",
  colon: ":",
};
