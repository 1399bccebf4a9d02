#include "services/canvass/script_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/canvass/script_wire.h"

namespace snowfield::canvass {
namespace {
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Property;

v1::QuestionDraft& Add(v1::ScriptDraft& script, const std::string& code, v1::QuestionKind kind,
                       const std::vector<std::string>& answers = {}) {
  v1::QuestionDraft& question = *script.add_questions();
  question.set_code(code);
  question.set_kind(kind);
  (*question.mutable_text())["en"] = "?";
  for (const std::string& answer : answers) question.add_answers()->set_code(answer);
  return question;
}

void When(v1::QuestionDraft& question, const std::string& other, const std::vector<std::string>& answers,
          bool negated = false) {
  v1::QuestionCondition& condition = *question.add_when();
  condition.set_question(other);
  condition.set_not_(negated);
  for (const std::string& answer : answers) condition.add_answers(answer);
}

v1::ScriptDraft Empty() {
  v1::ScriptDraft script;
  script.set_name("S");
  script.add_languages("en");
  return script;
}

auto Problem(const std::string& question, const std::string& reason) {
  return AllOf(Property(&v1::ScriptProblem::question, question), Property(&v1::ScriptProblem::reason, reason));
}

TEST(CheckScript, TakesOneWithEveryKindOfQuestion) {
  v1::ScriptDraft script = Empty();
  Add(script, "support", v1::QUESTION_KIND_SCALE);
  Add(script, "issue", v1::QUESTION_KIND_ONE_OF, {"housing", "schools"});
  Add(script, "also", v1::QUESTION_KIND_MANY_OF, {"rent", "parks", "buses"});
  Add(script, "voted", v1::QUESTION_KIND_YES_NO);
  Add(script, "children", v1::QUESTION_KIND_NUMBER).set_max(12);
  When(Add(script, "when", v1::QUESTION_KIND_DATE), "voted", {"no"});
  When(Add(script, "why", v1::QUESTION_KIND_FREE_TEXT), "also", {"rent", "parks"}, true);
  v1::QuestionDraft& ask = Add(script, "volunteer", v1::QUESTION_KIND_ASK);
  ask.set_ask(v1::ASK_KIND_VOLUNTEER);
  When(ask, "support", {"1", "2"});
  When(ask, "children", {});
  EXPECT_THAT(CheckScript(script), IsEmpty());
}

TEST(CheckScript, NamesALoopByEachQuestionOfIt) {
  v1::ScriptDraft script = Empty();
  When(Add(script, "a", v1::QUESTION_KIND_YES_NO), "c", {"yes"});
  When(Add(script, "b", v1::QUESTION_KIND_YES_NO), "a", {"yes"});
  When(Add(script, "c", v1::QUESTION_KIND_YES_NO), "b", {"yes"});
  When(Add(script, "d", v1::QUESTION_KIND_YES_NO), "d", {"yes"});
  EXPECT_THAT(CheckScript(script),
              ElementsAre(Problem("a", "LOOP"), Problem("b", "LOOP"), Problem("c", "LOOP"), Problem("d", "LOOP")));
}

TEST(CheckScript, RefusesAConditionOnWhatIsAskedLater) {
  v1::ScriptDraft script = Empty();
  When(Add(script, "a", v1::QUESTION_KIND_YES_NO), "b", {"yes"});
  Add(script, "b", v1::QUESTION_KIND_YES_NO);
  EXPECT_THAT(CheckScript(script), ElementsAre(Problem("a", "CONDITION_LATER")));
}

TEST(CheckScript, NamesAQuestionThatConditionsOfOthersShutOut) {
  v1::ScriptDraft script = Empty();
  Add(script, "support", v1::QUESTION_KIND_SCALE);
  When(Add(script, "why_not", v1::QUESTION_KIND_YES_NO), "support", {"4", "5"});
  v1::QuestionDraft& thanks = Add(script, "thanks", v1::QUESTION_KIND_FREE_TEXT);
  When(thanks, "why_not", {"no"});
  When(thanks, "support", {"1"});
  EXPECT_THAT(CheckScript(script), ElementsAre(Problem("thanks", "UNREACHABLE")));
}

TEST(CheckScript, NamesAnAnswerThatCanNotHaveBeenGivenWhereItIsAskedFor) {
  v1::ScriptDraft script = Empty();
  Add(script, "support", v1::QUESTION_KIND_SCALE);
  When(Add(script, "join", v1::QUESTION_KIND_YES_NO), "support", {"3", "4", "5"}, true);
  v1::QuestionDraft& team = Add(script, "team", v1::QUESTION_KIND_FREE_TEXT);
  When(team, "join", {"yes"});
  When(team, "support", {"1", "3"});
  EXPECT_THAT(CheckScript(script), ElementsAre(Problem("team", "DEAD_BRANCH")));
}

TEST(CheckScript, NamesConditionsOnWhatIsNotThere) {
  v1::ScriptDraft script = Empty();
  Add(script, "support", v1::QUESTION_KIND_SCALE);
  When(Add(script, "a", v1::QUESTION_KIND_FREE_TEXT), "support", {"6"});
  When(Add(script, "b", v1::QUESTION_KIND_FREE_TEXT), "nothing", {"1"});
  When(Add(script, "c", v1::QUESTION_KIND_FREE_TEXT), "support", {}, true);
  When(Add(script, "d", v1::QUESTION_KIND_FREE_TEXT), "c", {"words"});
  EXPECT_THAT(CheckScript(script),
              ElementsAre(Problem("a", "CONDITION_ANSWER_UNKNOWN"), Problem("b", "CONDITION_QUESTION_UNKNOWN"),
                          Problem("c", "CONDITION_EMPTY"), Problem("d", "CONDITION_ANSWER_UNKNOWN")));
}

TEST(CheckScript, NamesWhatIsWrongWithAQuestion) {
  const std::vector<std::pair<std::string, std::function<void(v1::ScriptDraft&)>>> wrongs = {
      {"NAME_LENGTH", [](v1::ScriptDraft& s) { s.clear_name(); }},
      {"LANGUAGE_INVALID", [](v1::ScriptDraft& s) { s.add_languages("e s"); }},
      {"LANGUAGE_TWICE", [](v1::ScriptDraft& s) { s.add_languages("en"); }},
      {"LANGUAGE_UNKNOWN", [](v1::ScriptDraft& s) { (*s.mutable_greeting())["es"] = "Hola"; }},
      {"TEXT_TOO_LONG", [](v1::ScriptDraft& s) { (*s.mutable_greeting())["en"] = std::string(5000, 'x'); }},
      {"TEXT_MISSING", [](v1::ScriptDraft& s) { s.mutable_questions(0)->clear_text(); }},
      {"QUESTIONS_OUT_OF_RANGE", [](v1::ScriptDraft& s) { s.clear_questions(); }},
      {"CODE_INVALID", [](v1::ScriptDraft& s) { s.mutable_questions(0)->set_code("Not so"); }},
      {"CODE_TWICE", [](v1::ScriptDraft& s) { Add(s, "issue", v1::QUESTION_KIND_YES_NO); }},
      {"KIND_MISSING", [](v1::ScriptDraft& s) { s.mutable_questions(0)->clear_kind(); }},
      {"ANSWERS_OUT_OF_RANGE", [](v1::ScriptDraft& s) { s.mutable_questions(0)->mutable_answers()->RemoveLast(); }},
      {"ANSWER_TWICE", [](v1::ScriptDraft& s) { s.mutable_questions(0)->add_answers()->set_code("housing"); }},
      {"ANSWER_CODE_INVALID", [](v1::ScriptDraft& s) { s.mutable_questions(0)->add_answers()->set_code("a b"); }},
      {"ANSWERS_NOT_TAKEN", [](v1::ScriptDraft& s) { s.mutable_questions(0)->set_kind(v1::QUESTION_KIND_SCALE); }},
      {"BOUNDS_INVALID", [](v1::ScriptDraft& s) { s.mutable_questions(0)->set_max(3); }},
      {"ASK_MISSING", [](v1::ScriptDraft& s) { Add(s, "ask", v1::QUESTION_KIND_ASK); }},
      {"ASK_TWICE",
       [](v1::ScriptDraft& s) {
         Add(s, "one", v1::QUESTION_KIND_ASK).set_ask(v1::ASK_KIND_DONATE);
         Add(s, "two", v1::QUESTION_KIND_ASK).set_ask(v1::ASK_KIND_DONATE);
       }},
      {"TOO_MANY_CONDITIONS", [](v1::ScriptDraft& s) {
         v1::QuestionDraft& question = Add(s, "late", v1::QUESTION_KIND_YES_NO);
         for (int i = 0; i <= kConditionsMax; ++i) When(question, "issue", {});
       }}};
  for (const auto& [reason, spoil] : wrongs) {
    v1::ScriptDraft script = Empty();
    Add(script, "issue", v1::QUESTION_KIND_ONE_OF, {"housing", "schools"});
    spoil(script);
    const auto problems = CheckScript(script);
    ASSERT_EQ(problems.size(), 1u) << reason;
    EXPECT_EQ(problems[0].reason(), reason);
  }
}

// All walks through a small script, by the words of the proto alone: each question is left unanswered or answered in
// each way, and asked where its conditions hold.
class Walker {
 public:
  explicit Walker(const v1::ScriptDraft& script) : script_(script) { Walk(0); }

  bool IsAsked(int question) const { return asked_.contains(question); }
  // Whether some walk asks `question` with this answer given to the one that its condition names.
  bool IsMet(int question, const std::string& other, const std::string& answer) const {
    return met_.contains({question, other, answer});
  }

 private:
  using Answers = std::set<std::string>;

  bool Holds(const v1::QuestionCondition& condition) const {
    const auto given = given_.find(condition.question());
    if (given == given_.end()) return false;
    if (condition.answers().empty()) return true;
    const bool any = std::any_of(condition.answers().begin(), condition.answers().end(),
                                 [&](const std::string& answer) { return given->second.contains(answer); });
    return any != condition.not_();
  }

  std::vector<Answers> WaysToAnswer(const v1::QuestionDraft& question) const {
    const std::vector<std::string> codes = AnswersOf(question);
    if (codes.empty()) return {{"words"}};
    std::vector<Answers> ways;
    if (question.kind() != v1::QUESTION_KIND_MANY_OF) {
      for (const std::string& code : codes) ways.push_back({code});
      return ways;
    }
    for (unsigned chosen = 1; chosen < 1u << codes.size(); ++chosen) {
      Answers& way = ways.emplace_back();
      for (size_t i = 0; i < codes.size(); ++i) {
        if (chosen >> i & 1) way.insert(codes[i]);
      }
    }
    return ways;
  }

  void Walk(int q) {
    if (q == script_.questions_size()) return;
    const v1::QuestionDraft& question = script_.questions(q);
    if (std::all_of(question.when().begin(), question.when().end(), [&](const auto& c) { return Holds(c); })) {
      asked_.insert(q);
      for (const auto& condition : question.when()) {
        for (const std::string& answer : given_[condition.question()]) met_.insert({q, condition.question(), answer});
      }
      for (const Answers& way : WaysToAnswer(question)) {
        given_[question.code()] = way;
        Walk(q + 1);
      }
      given_.erase(question.code());
    }
    Walk(q + 1);
  }

  const v1::ScriptDraft& script_;
  std::map<std::string, Answers> given_;
  std::set<int> asked_;
  std::set<std::tuple<int, std::string, std::string>> met_;
};

v1::ScriptDraft RandomScript(std::mt19937& random) {
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  v1::ScriptDraft script = Empty();
  const int questions = 2 + below(4);
  for (int q = 0; q < questions; ++q) {
    constexpr v1::QuestionKind kKinds[] = {v1::QUESTION_KIND_YES_NO, v1::QUESTION_KIND_ONE_OF,
                                           v1::QUESTION_KIND_MANY_OF, v1::QUESTION_KIND_FREE_TEXT};
    const v1::QuestionKind kind = kKinds[below(4)];
    const bool chosen = kind == v1::QUESTION_KIND_ONE_OF || kind == v1::QUESTION_KIND_MANY_OF;
    v1::QuestionDraft& question = Add(script, absl::StrCat("q", q), kind,
                                      chosen ? std::vector<std::string>{"a", "b", "c"} : std::vector<std::string>());
    for (int c = q == 0 ? 0 : below(4); c > 0; --c) {
      const v1::QuestionDraft& other = script.questions(below(q));
      std::vector<std::string> answers = AnswersOf(other);
      std::shuffle(answers.begin(), answers.end(), random);
      if (!answers.empty()) answers.resize(1 + below(static_cast<int>(answers.size())));
      When(question, other.code(), answers, !answers.empty() && below(3) == 0);
    }
  }
  return script;
}

TEST(CheckScript, FindsExactlyWhatNoWalkReaches) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  int unreachable = 0, dead = 0, sound = 0;
  for (int round = 0; round < 3000; ++round) {
    const v1::ScriptDraft script = RandomScript(random);
    const Walker walker(script);
    std::set<std::pair<std::string, std::string>> expected, found;
    for (int q = 0; q < script.questions_size(); ++q) {
      const v1::QuestionDraft& question = script.questions(q);
      if (!walker.IsAsked(q)) expected.insert({question.code(), "UNREACHABLE"});
      for (const v1::QuestionCondition& condition : question.when()) {
        if (!walker.IsAsked(q) || condition.not_()) continue;
        for (const std::string& answer : condition.answers()) {
          if (!walker.IsMet(q, condition.question(), answer)) expected.insert({question.code(), "DEAD_BRANCH"});
        }
      }
    }
    for (const v1::ScriptProblem& problem : CheckScript(script)) found.insert({problem.question(), problem.reason()});
    ASSERT_EQ(found, expected) << script.DebugString();
    sound += expected.empty() ? 1 : 0;
    for (const auto& [question, reason] : expected) (reason == "UNREACHABLE" ? unreachable : dead) += 1;
  }
  // The random scripts are of all three sorts.
  EXPECT_GT(unreachable, 50);
  EXPECT_GT(dead, 50);
  EXPECT_GT(sound, 50);
}

}  // namespace
}  // namespace snowfield::canvass
