#include "services/canvass/script_wire.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/rpc/answers.h"
#include "services/rpc/stored_json.h"

namespace snowfield::canvass {
namespace {
constexpr size_t kLanguageBytesMax = 20;

using Texts = google::protobuf::Map<std::string, std::string>;

std::string Say(const Texts& texts, const std::string& language, const std::string& first) {
  for (const std::string& choice : {language, first}) {
    const auto text = texts.find(choice);
    if (text != texts.end() && !text->second.empty()) return text->second;
  }
  return "";
}
}  // namespace

bool IsLanguage(const std::string& code) {
  return !code.empty() && code.size() <= kLanguageBytesMax && absl::ascii_isalpha(code.front()) &&
         std::all_of(code.begin(), code.end(), [](char c) { return absl::ascii_isalnum(c) || c == '-'; });
}

absl::Status CheckLanguages(const Languages& languages) {
  if (languages.size() > kLanguagesAskedMax) {
    return base::InvalidField("languages", "TOO_MANY", absl::StrCat("at most ", kLanguagesAskedMax, " languages"));
  }
  if (std::all_of(languages.begin(), languages.end(), IsLanguage)) return absl::OkStatus();
  return base::InvalidField("languages", "LANGUAGE_INVALID", "send language codes, such as es or zh-Hant");
}

std::vector<std::string> AnswersOf(const v1::QuestionDraft& question) {
  switch (question.kind()) {
    case v1::QUESTION_KIND_SCALE:
      return {"1", "2", "3", "4", "5"};
    case v1::QUESTION_KIND_YES_NO:
      return {"yes", "no"};
    case v1::QUESTION_KIND_ASK:
      return {"yes", "maybe", "no"};
    case v1::QUESTION_KIND_ONE_OF:
    case v1::QUESTION_KIND_MANY_OF: {
      std::vector<std::string> codes;
      for (const v1::AnswerDraft& answer : question.answers()) codes.push_back(answer.code());
      return codes;
    }
    default:
      return {};
  }
}

std::string ChooseLanguage(const v1::ScriptDraft& script, const Languages& asked) {
  for (std::string wish : asked) {
    while (!wish.empty()) {
      for (const std::string& language : script.languages()) {
        if (absl::EqualsIgnoreCase(language, wish)) return language;
      }
      const size_t dash = wish.rfind('-');
      wish.resize(dash == std::string::npos ? 0 : dash);
    }
  }
  return script.languages().empty() ? "" : script.languages(0);
}

v1::Script OnPhone(const v1::ScriptDraft& script, const std::string& language) {
  const std::string first = script.languages().empty() ? "" : script.languages(0);
  v1::Script phone;
  phone.set_name(script.name());
  phone.set_language(language);
  phone.set_greeting(Say(script.greeting(), language, first));
  for (const v1::QuestionDraft& draft : script.questions()) {
    v1::Question& question = *phone.add_questions();
    question.set_code(draft.code());
    question.set_kind(draft.kind());
    question.set_text(Say(draft.text(), language, first));
    for (const std::string& answer : AnswersOf(draft)) question.add_answers(answer);
    for (const v1::AnswerDraft& answer : draft.answers()) {
      const std::string label = Say(answer.text(), language, first);
      question.add_labels(label.empty() ? answer.code() : label);
    }
    question.set_min(draft.min());
    question.set_max(draft.max());
    question.set_ask(draft.ask());
    *question.mutable_when() = draft.when();
    if (draft.kind() == v1::QUESTION_KIND_ASK) phone.add_asks(draft.ask());
  }
  return phone;
}

bool IsOnScript(const v1::Script& script, const v1::KnockResponse& response) {
  const auto question = std::find_if(script.questions().begin(), script.questions().end(),
                                     [&](const v1::Question& q) { return q.code() == response.question(); });
  return question != script.questions().end() && rpc::TakesAnswer(*question, response.answer());
}

absl::StatusOr<std::string> ScriptToJson(const google::protobuf::Message& script) {
  absl::StatusOr<std::string> json = rpc::ToStoredJson(script, "");
  if (json.ok()) return json;
  return base::InvalidField("script", "TEXT_INVALID", "a text of the script is not UTF-8");
}

absl::Status ScriptFromJson(const std::string& json, google::protobuf::Message* script) {
  return rpc::FromStoredJson(json, script, "a stored script is not of its form");
}

}  // namespace snowfield::canvass
