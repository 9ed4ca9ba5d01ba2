import type { Words } from "../words.ts";

const SIGNED_UP =
  "Recibes este correo porque esta dirección se apuntó a la lista de espera de {{ list }}. " +
  "Si no fuiste tú, no tienes que hacer nada.";

export const words: Words = {
  tag: "es",
  direction: "ltr",
  formats: "es-ES",
  fonts: "",
  letters: {
    confirmation: {
      subject: "Confirma tu puesto en la lista de espera de {{ list }}",
      body: [
        "# Ya casi está",
        "Gracias por apuntarte a {{ list }}. Solo falta que nos confirmes que esta dirección es realmente tuya.",
        "> Reservado para ti\n> **{{ position }}**",
        "[Confirmar mi puesto]({{ confirmUrl }})",
        "El número {{ position }} está reservado para ti desde el momento en que te apuntaste, así que no hay prisa: " +
          "confirmar más tarde no te hace retroceder.",
        "¿No te has apuntado tú? Entonces ignora este correo. Lleva a una página con un botón, y no pasa nada mientras no " +
          "lo pulses.",
      ],
      reason:
        "Recibes este correo porque alguien introdujo esta dirección en la lista de espera de {{ list }}.",
    },
    welcome: {
      subject: "Tienes el número {{ position }} en la lista de espera de {{ list }}",
      body: [
        "# Ya estás en la lista",
        "Gracias por apuntarte a {{ list }}. Nos alegra tenerte aquí.",
        "> Tu puesto en la lista de espera\n> **{{ position }}**",
        "Los puestos se asignan por orden de inscripción, y las invitaciones salen en ese mismo orden. Tu número es tuyo: no " +
          "va a cambiar, y no tienes que hacer nada para conservarlo.",
        "Te escribiremos a esta dirección cuando llegue tu turno. Hasta entonces puedes ver cómo vas:",
        "[Ver cómo voy]({{ statusUrl }})",
        "El enlace es solo para ti, así que no reenvíes este correo, por favor.",
      ],
      reason: SIGNED_UP,
    },
    already: {
      subject:
        "{% if pending %}Falta que confirmes tu puesto en la lista de espera de {{ list }}" +
        "{% else %}Ya estás en la lista de espera de {{ list }}{% endif %}",
      body: [
        "{% if pending %}",
        "# Tu puesto te está esperando",
        "Alguien acaba de apuntar otra vez esta dirección a {{ list }}. Ya tienes un puesto; solo falta que lo confirmes.",
        "> Reservado para ti\n> **{{ position }}**",
        "Está reservado desde la primera vez que te apuntaste, y confirmar más tarde no te hace retroceder.",
        "[Confirmar mi puesto]({{ placeUrl }})",
        "Si no has sido tú, ignora este correo: no pasa nada mientras no pulses el botón de la página a la que lleva.",
        "{% else %}",
        "# Ya estás en la lista",
        "Alguien acaba de apuntar otra vez esta dirección a {{ list }}. No hacía falta: ya tienes un puesto.",
        "> Tu puesto en la lista de espera\n> **{{ position }}**",
        "{% if invited %}Mejor aún: ya enviamos tu invitación a esta dirección. Si no la encuentras, mira también en la carpeta " +
          "de correo no deseado.{% else %}Apuntarse de nuevo no cambia nada: tu número es tuyo, y te escribiremos a esta " +
          "dirección cuando llegue tu turno.{% endif %}",
        "[Ver cómo voy]({{ placeUrl }})",
        "{% endif %}",
      ],
      reason:
        "{% if pending %}Recibes este correo porque alguien volvió a introducir esta dirección en la lista de espera de " +
        "{{ list }}.{% else %}Recibes este correo porque esta dirección se apuntó de nuevo a la lista de espera de " +
        "{{ list }}. Si no fuiste tú, no tienes que hacer nada.{% endif %}",
    },
    invite: {
      subject: "Ya tienes tu invitación a {{ list }}",
      body: [
        "# Ha llegado tu turno{% if name %}, {{ name }}{% endif %}",
        "Gracias por esperar. Tenías el número {{ position }} de la lista, y aquí está tu invitación a {{ list }}.",
        "[Aceptar la invitación]({{ inviteUrl }})",
        "> Tu código\n> **{{ code }}**",
        "Es para ti, sirve una sola vez y es válida hasta el {{ expiresAt }}.",
        "También puedes [ver cómo vas]({{ statusUrl }}) en la lista de espera.",
      ],
      reason: "Recibes este correo porque esta dirección está en la lista de espera de {{ list }}.",
    },
    reminder: {
      subject: "Tu invitación a {{ list }} te sigue esperando",
      body: [
        "# Tu invitación te espera{% if name %}, {{ name }}{% endif %}",
        "Te hemos guardado un sitio en {{ list }} y tu invitación sigue abierta. Es válida hasta el {{ expiresAt }}.",
        "[Aceptar la invitación]({{ inviteUrl }})",
        "> Tu código\n> **{{ code }}**",
        "Sirve una sola vez. Si has cambiado de idea, no tienes que hacer nada.",
        "También puedes [ver cómo vas]({{ statusUrl }}) en la lista de espera.",
      ],
      reason:
        "Recibes este único recordatorio porque se invitó a esta dirección desde la lista de espera de {{ list }}.",
    },
    expired: {
      subject: "Tu invitación a {{ list }} ha caducado",
      body: [
        "# Tu invitación ha caducado",
        "{% if name %}Hola, {{ name }}: tu{% else %}Tu{% endif %} invitación a {{ list }} no se usó a tiempo, así que su código ya no funciona.",
        "{% if requeued %}No has perdido tu puesto: vuelves a estar en espera, con el número que siempre has tenido, y te " +
          "escribiremos a esta dirección cuando esté lista tu próxima invitación.{% else %}No tienes que hacer nada. " +
          "Gracias por haber esperado con nosotros.{% endif %}",
        "{% if requeued %}",
        "> Tu puesto en la lista de espera\n> **{{ position }}**",
        "{% endif %}",
        "[Ver cómo voy]({{ statusUrl }})",
      ],
      reason: "Recibes este correo porque se invitó a esta dirección desde la lista de espera de {{ list }}.",
    },
  },
  leave: "Dejar la lista de espera",
  privacy: "Privacidad",
  colon: ":",
};
