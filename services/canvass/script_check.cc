#include "services/canvass/script_check.h"

#include <google/protobuf/map.h>

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/canvass/script_branches.h"
#include "services/canvass/script_wire.h"

namespace snowfield::canvass {
namespace {
using Texts = google::protobuf::Map<std::string, std::string>;

bool IsCode(const std::string& code) {
  return !code.empty() && code.size() <= kQuestionCodeBytesMax && absl::ascii_islower(code.front()) &&
         std::all_of(code.begin(), code.end(),
                     [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_'; });
}

// An answer's may begin with a digit, and hold capitals and dashes, for codes that come from elsewhere.
bool IsAnswerCode(const std::string& code) {
  return !code.empty() && code.size() <= kQuestionCodeBytesMax &&
         std::all_of(code.begin(), code.end(), [](char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-'; });
}

class Check {
 public:
  explicit Check(const v1::ScriptDraft& script) : script_(script) {}

  std::vector<v1::ScriptProblem> Run() {
    CheckHead();
    if (script_.questions_size() > kScriptQuestionsMax) return std::move(problems_);
    for (const v1::QuestionDraft& question : script_.questions()) CheckQuestion(question);
    if (problems_.empty()) {
      for (v1::ScriptProblem& problem : CheckBranches(script_)) problems_.push_back(std::move(problem));
    }
    return std::move(problems_);
  }

 private:
  void Note(const std::string& question, const char* reason, const std::string& message) {
    v1::ScriptProblem& problem = problems_.emplace_back();
    problem.set_question(question);
    problem.set_reason(reason);
    problem.set_message(message);
  }

  void CheckHead() {
    if (script_.name().empty() || script_.name().size() > kScriptNameBytesMax) {
      Note("", "NAME_LENGTH", absl::StrCat("give the script a name of at most ", kScriptNameBytesMax, " bytes"));
    }
    if (script_.languages().empty() || script_.languages_size() > kScriptLanguagesMax) {
      Note("", "LANGUAGES_OUT_OF_RANGE",
           absl::StrCat("name 1 to ", kScriptLanguagesMax, " languages, the first first"));
    }
    for (const std::string& language : script_.languages()) {
      if (!IsLanguage(language)) Note("", "LANGUAGE_INVALID", "a language is a code, such as es or zh-Hant");
      if (!languages_.insert(language).second) Note("", "LANGUAGE_TWICE", "name each language once");
    }
    CheckTexts("", script_.greeting(), kGreetingBytesMax, false);
    if (script_.questions().empty() || script_.questions_size() > kScriptQuestionsMax) {
      Note("", "QUESTIONS_OUT_OF_RANGE", absl::StrCat("a script has 1 to ", kScriptQuestionsMax, " questions"));
    }
  }

  void CheckTexts(const std::string& question, const Texts& texts, size_t bytes_max, bool needed) {
    for (const auto& [language, text] : texts) {
      if (!languages_.contains(language)) {
        Note(question, "LANGUAGE_UNKNOWN",
             "a text is in a language that the script does not name: add it to languages");
      }
      if (text.size() > bytes_max) Note(question, "TEXT_TOO_LONG", absl::StrCat("at most ", bytes_max, " bytes"));
      if (text.find('\0') != std::string::npos) Note(question, "TEXT_INVALID", "a text holds a NUL character");
    }
    if (!needed || script_.languages().empty()) return;
    const auto first = texts.find(script_.languages(0));
    if (first == texts.end() || first->second.empty()) {
      Note(question, "TEXT_MISSING", absl::StrCat("say it in ", script_.languages(0), ", the script's first language"));
    }
  }

  void CheckQuestion(const v1::QuestionDraft& question) {
    const std::string& code = question.code();
    if (!IsCode(code)) {
      return Note(
          code, "CODE_INVALID",
          absl::StrCat("a question's code has a-z, 0-9 and _, a letter first, at most ", kQuestionCodeBytesMax));
    }
    if (!codes_.insert(code).second) Note(code, "CODE_TWICE", "another question has this code");
    CheckTexts(code, question.text(), kQuestionTextBytesMax, true);
    CheckAnswers(question);
    CheckBounds(question);
    if ((question.kind() == v1::QUESTION_KIND_ASK) != (question.ask() != v1::ASK_KIND_UNSPECIFIED) ||
        !v1::AskKind_IsValid(question.ask())) {
      Note(code, "ASK_MISSING", "a question of the kind ASK, and no other, says what is asked");
    } else if (question.ask() != v1::ASK_KIND_UNSPECIFIED && !asks_.insert(question.ask()).second) {
      Note(code, "ASK_TWICE", "another question asks the same: a person is asked once");
    }
    if (question.when_size() > kConditionsMax) {
      Note(code, "TOO_MANY_CONDITIONS", absl::StrCat("at most ", kConditionsMax, " conditions"));
    }
  }

  void CheckAnswers(const v1::QuestionDraft& question) {
    const std::string& code = question.code();
    switch (question.kind()) {
      case v1::QUESTION_KIND_ONE_OF:
      case v1::QUESTION_KIND_MANY_OF:
        break;
      case v1::QUESTION_KIND_SCALE:
      case v1::QUESTION_KIND_YES_NO:
      case v1::QUESTION_KIND_NUMBER:
      case v1::QUESTION_KIND_DATE:
      case v1::QUESTION_KIND_FREE_TEXT:
      case v1::QUESTION_KIND_ASK:
        if (!question.answers().empty()) Note(code, "ANSWERS_NOT_TAKEN", "this kind of question has its own answers");
        return;
      default:
        return Note(code, "KIND_MISSING", "say what kind of question it is");
    }
    if (question.answers_size() < kAnswersMin || question.answers_size() > kAnswersMax) {
      Note(code, "ANSWERS_OUT_OF_RANGE", absl::StrCat("give ", kAnswersMin, " to ", kAnswersMax, " answers"));
    }
    std::set<std::string> answers;
    for (const v1::AnswerDraft& answer : question.answers()) {
      if (!IsAnswerCode(answer.code())) {
        Note(code, "ANSWER_CODE_INVALID", "an answer's code has letters, digits, _ and -, at most 40");
      } else if (!answers.insert(answer.code()).second) {
        Note(code, "ANSWER_TWICE", absl::StrCat("the answer ", answer.code(), " is there twice"));
      }
      CheckTexts(code, answer.text(), kQuestionTextBytesMax, false);
    }
  }

  void CheckBounds(const v1::QuestionDraft& question) {
    if (question.min() == 0 && question.max() == 0) return;
    if (question.kind() != v1::QUESTION_KIND_NUMBER || question.min() > question.max() ||
        question.min() < -kNumberAnswerMax || question.max() > kNumberAnswerMax) {
      Note(question.code(), "BOUNDS_INVALID",
           absl::StrCat("a NUMBER, and no other kind, has a min and a max, at most ", kNumberAnswerMax));
    }
  }

  const v1::ScriptDraft& script_;
  std::set<std::string> languages_;
  std::set<std::string> codes_;
  std::set<int> asks_;
  std::vector<v1::ScriptProblem> problems_;
};

}  // namespace

std::vector<v1::ScriptProblem> CheckScript(const v1::ScriptDraft& script) { return Check(script).Run(); }

}  // namespace snowfield::canvass
