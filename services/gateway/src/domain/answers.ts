// A signup's answers against the questions of its list.
import type { Answer, Answers, FieldError, Question } from "@waitlist/contracts";

/** What is wrong with the answers, each at `/answers/<question id>`. Never repeats what was answered. */
export function answerErrors(questions: readonly Question[], answers: Answers = {}): FieldError[] {
  const known = new Set(questions.map(({ id }) => id));
  const unknown = Object.keys(answers)
    .filter((id) => !known.has(id))
    .map((id) => at(id, "is not a question of this waitlist"));
  return [...unknown, ...questions.flatMap((question) => questionErrors(question, answers))];
}

const at = (id: string, message: string): FieldError => ({ path: `/answers/${id}`, message });

function questionErrors(question: Question, answers: Answers): FieldError[] {
  const answer = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined;
  if (answer === undefined) return question.required ? [at(question.id, "is required")] : [];
  const wrong = mismatch(question, answer);
  if (wrong) return [at(question.id, wrong)];
  return question.required && isBlank(answer) ? [at(question.id, "is required")] : [];
}

const isBlank = (answer: Answer) =>
  typeof answer === "string" ? answer.trim() === "" : Array.isArray(answer) && answer.length === 0;

/** Why this answer doesn't fit the question's type, or null. */
function mismatch({ type, options = [] }: Question, answer: Answer): string | null {
  switch (type) {
    case "text":
      return typeof answer === "string" ? null : "must be text";
    case "number":
      return typeof answer === "number" && Number.isFinite(answer) ? null : "must be a number";
    case "boolean":
      return typeof answer === "boolean" ? null : "must be true or false";
    case "choice":
      return typeof answer === "string" && options.includes(answer) ? null : "must be one of the options";
    case "choices":
      return areChoices(answer, options) ? null : "must be a list of different options";
  }
}

const areChoices = (answer: Answer, options: readonly string[]) =>
  Array.isArray(answer) &&
  new Set(answer).size === answer.length &&
  answer.every((choice) => options.includes(choice));
