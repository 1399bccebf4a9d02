#include "services/canvass/script_branches.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/canvass/script_wire.h"

namespace snowfield::canvass {
namespace {
using AnswerSet = std::set<std::string>;

AnswerSet Without(const AnswerSet& all, const AnswerSet& taken) {
  AnswerSet left;
  std::set_difference(all.begin(), all.end(), taken.begin(), taken.end(), std::inserter(left, left.end()));
  return left;
}
AnswerSet Both(const AnswerSet& a, const AnswerSet& b) {
  AnswerSet both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
  return both;
}

// One condition, with its question by place: answered, with one of `any_of` where there are some, or with none of
// `none_of`.
struct Condition {
  int question = 0;
  AnswerSet any_of = {};
  AnswerSet none_of = {};
};

class Branches {
 public:
  explicit Branches(const v1::ScriptDraft& script) : script_(script), conditions_(script.questions_size()) {
    for (int q = 0; q < script.questions_size(); ++q) {
      place_[script.questions(q).code()] = q;
      const std::vector<std::string> answers = AnswersOf(script.questions(q));
      answers_.emplace_back(answers.begin(), answers.end());
    }
  }

  std::vector<v1::ScriptProblem> Run() {
    for (int q = 0; q < script_.questions_size(); ++q) ReadConditions(q);
    for (int q = 0; q < script_.questions_size(); ++q) CheckOrder(q);
    if (!problems_.empty()) return std::move(problems_);
    for (int q = 0; q < script_.questions_size(); ++q) CheckReach(q);
    return std::move(problems_);
  }

 private:
  void Note(int question, const char* reason, const std::string& message) {
    v1::ScriptProblem& problem = problems_.emplace_back();
    problem.set_question(script_.questions(question).code());
    problem.set_reason(reason);
    problem.set_message(message);
  }

  void ReadConditions(int q) {
    for (const v1::QuestionCondition& said : script_.questions(q).when()) {
      const auto place = place_.find(said.question());
      if (place == place_.end()) {
        Note(q, "CONDITION_QUESTION_UNKNOWN", "a condition names a question that the script does not have");
        continue;
      }
      if (said.answers().empty() && said.not_()) {
        Note(q, "CONDITION_EMPTY", "a condition with `not` names the answers that it does not want");
        continue;
      }
      Condition condition{.question = place->second};
      (said.not_() ? condition.none_of : condition.any_of) = AnswerSet(said.answers().begin(), said.answers().end());
      for (const std::string& answer : said.answers()) {
        if (answers_[place->second].contains(answer)) continue;
        Note(q, "CONDITION_ANSWER_UNKNOWN",
             absl::StrCat("dead branch: ", said.question(), " has no such answer as a condition names"));
      }
      conditions_[q].push_back(std::move(condition));
    }
  }

  // Whether `to` is among what must have been asked before `from`, by its conditions.
  bool Needs(int from, int to, std::set<int>& seen) const {
    for (const Condition& condition : conditions_[from]) {
      if (condition.question == to) return true;
      if (seen.insert(condition.question).second && Needs(condition.question, to, seen)) return true;
    }
    return false;
  }

  void CheckOrder(int q) {
    std::set<int> seen;
    if (Needs(q, q, seen)) return Note(q, "LOOP", "to be asked this question needs its own answer");
    for (const Condition& condition : conditions_[q]) {
      if (condition.question > q) {
        Note(
            q, "CONDITION_LATER",
            absl::StrCat("a condition names ", script_.questions(condition.question).code(), ", which is asked later"));
      }
    }
  }

  // All that holds where question `q` is asked.
  void Collect(int q, std::vector<Condition>& all, std::set<int>& seen) const {
    if (!seen.insert(q).second) return;
    for (const Condition& condition : conditions_[q]) {
      all.push_back(condition);
      Collect(condition.question, all, seen);
    }
  }

  // Whether there are answers to `question` for which all these conditions on it hold.
  bool CanHold(int question, const std::vector<Condition>& conditions) const {
    AnswerSet left = answers_[question];
    if (left.empty()) return true;  // free: conditions on it only say that it was answered
    const bool many = script_.questions(question).kind() == v1::QUESTION_KIND_MANY_OF;
    for (const Condition& condition : conditions) {
      if (condition.question == question) left = Without(left, condition.none_of);
    }
    for (const Condition& condition : conditions) {
      if (condition.question != question || condition.any_of.empty()) continue;
      const AnswerSet fitting = Both(left, condition.any_of);
      if (fitting.empty()) return false;
      // Of many answers each condition may have its own.
      if (!many) left = fitting;
    }
    return !left.empty();
  }

  bool CanHold(const std::vector<Condition>& conditions) const {
    return std::all_of(conditions.begin(), conditions.end(),
                       [&](const Condition& condition) { return CanHold(condition.question, conditions); });
  }

  void CheckReach(int q) {
    std::vector<Condition> all;
    std::set<int> seen;
    Collect(q, all, seen);
    if (!CanHold(all)) {
      return Note(q, "UNREACHABLE", "no answers lead to this question: its conditions contradict each other");
    }
    for (const Condition& condition : conditions_[q]) {
      for (const std::string& answer : condition.any_of) {
        std::vector<Condition> with = all;
        with.push_back({.question = condition.question, .any_of = {answer}});
        if (CanHold(with)) continue;
        Note(q, "DEAD_BRANCH",
             absl::StrCat("where this is asked, ", script_.questions(condition.question).code(),
                          " can't have been answered ", answer, ": take that out of the condition"));
      }
    }
  }

  const v1::ScriptDraft& script_;
  std::map<std::string, int> place_;
  std::vector<AnswerSet> answers_;
  std::vector<std::vector<Condition>> conditions_;
  std::vector<v1::ScriptProblem> problems_;
};

}  // namespace

std::vector<v1::ScriptProblem> CheckBranches(const v1::ScriptDraft& script) { return Branches(script).Run(); }

}  // namespace snowfield::canvass
