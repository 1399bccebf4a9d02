#include "db/filter/filter.h"

#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "db/filter/filter_tokens.h"

namespace snowfield::db {

struct DaysAgo {
  int days = 0;
};
// A text that may begin or end with anything: AIP-160's `*`.
struct TextPattern {
  std::string text;
  bool open_begin = false;
  bool open_end = false;
};
using FilterValue = std::variant<int64_t, bool, absl::Time, DaysAgo, TextPattern>;

struct Filter::Node {
  enum class Kind { kAnd, kOr, kNot, kCompare, kPresent };
  Kind kind = Kind::kAnd;
  std::vector<std::unique_ptr<Node>> parts = {};  // of kAnd, kOr, kNot
  std::string_view column = {};
  std::string comparator = {};
  FilterValue value = {};
};

namespace {

using Node = Filter::Node;
using NodePtr = std::unique_ptr<Node>;

class Parser {
 public:
  Parser(std::vector<FilterWord> words, std::span<const FilterField> fields, std::string_view field)
      : words_(std::move(words)), fields_(fields), field_(field) {}

  absl::StatusOr<NodePtr> ParseAll() {
    SNOWFIELD_ASSIGN_OR_RETURN(NodePtr node, ParseExpression(0));
    if (Now().token != FilterToken::kEnd) return Problem("FILTER_SYNTAX", "there is more here than a condition");
    return node;
  }

 private:
  const FilterWord& Now() const { return words_[at_]; }
  const FilterWord& Take() { return words_[at_++]; }
  absl::Status Problem(std::string_view reason, std::string_view message) const {
    return FilterProblem(field_, reason, Now().at, message);
  }

  static NodePtr Joined(Node::Kind kind, std::vector<NodePtr> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->parts = std::move(parts);
    return node;
  }

  // Terms joined by AND, or side by side, which AIP-160 calls a sequence.
  absl::StatusOr<NodePtr> ParseExpression(int depth) {
    if (depth > kFilterDepthMax) {
      return Problem("FILTER_TOO_DEEP", absl::StrCat("at most ", kFilterDepthMax, " conditions within one another"));
    }
    std::vector<NodePtr> factors;
    while (true) {
      SNOWFIELD_ASSIGN_OR_RETURN(NodePtr factor, ParseFactor(depth));
      factors.push_back(std::move(factor));
      if (Now().token == FilterToken::kEnd || Now().token == FilterToken::kClose) break;
      if (Now().token == FilterToken::kAnd) Take();
    }
    return Joined(Node::Kind::kAnd, std::move(factors));
  }

  absl::StatusOr<NodePtr> ParseFactor(int depth) {
    std::vector<NodePtr> terms;
    do {
      if (!terms.empty()) Take();
      SNOWFIELD_ASSIGN_OR_RETURN(NodePtr term, ParseTerm(depth));
      terms.push_back(std::move(term));
    } while (Now().token == FilterToken::kOr);
    return Joined(Node::Kind::kOr, std::move(terms));
  }

  absl::StatusOr<NodePtr> ParseTerm(int depth) {
    if (Now().token == FilterToken::kNot || Now().token == FilterToken::kMinus) {
      Take();
      SNOWFIELD_ASSIGN_OR_RETURN(NodePtr negated, ParseSimple(depth));
      auto node = std::make_unique<Node>();
      node->kind = Node::Kind::kNot;
      node->parts.push_back(std::move(negated));
      return node;
    }
    return ParseSimple(depth);
  }

  absl::StatusOr<NodePtr> ParseSimple(int depth) {
    if (Now().token == FilterToken::kOpen) {
      Take();
      SNOWFIELD_ASSIGN_OR_RETURN(NodePtr node, ParseExpression(depth + 1));
      if (Now().token != FilterToken::kClose) return Problem("FILTER_SYNTAX", "a ) is missing");
      Take();
      return node;
    }
    return ParseRestriction();
  }

  absl::StatusOr<NodePtr> ParseRestriction() {
    if (Now().token != FilterToken::kWord) return Problem("FILTER_SYNTAX", "a field's name is missing");
    SNOWFIELD_ASSIGN_OR_RETURN(const FilterField* field, FindField());
    Take();
    if (++comparisons_ > kFilterComparisonsMax) {
      return Problem("FILTER_TOO_LONG", absl::StrCat("at most ", kFilterComparisonsMax, " comparisons"));
    }
    if (Now().token != FilterToken::kComparator) {
      return Problem("FILTER_SYNTAX", absl::StrCat("say what ", std::string(field->name), " is to be compared with"));
    }
    auto node = std::make_unique<Node>();
    node->kind = Node::Kind::kCompare;
    node->column = field->column;
    node->comparator = Take().text;
    if (node->comparator == ":" && Now().token == FilterToken::kWord && Now().text == "*") {
      Take();
      node->kind = Node::Kind::kPresent;
      return node;
    }
    SNOWFIELD_ASSIGN_OR_RETURN(node->value, ParseValue(*field, node->comparator));
    // A pattern that holds it at any place.
    if (node->comparator == ":" && field->type != FilterType::kText) node->comparator = "=";
    return node;
  }

  absl::StatusOr<const FilterField*> FindField() const {
    for (const FilterField& field : fields_) {
      if (field.name == Now().text) return &field;
    }
    std::vector<absl::string_view> names;
    for (const FilterField& field : fields_) names.emplace_back(field.name.data(), field.name.size());
    return Problem("FILTER_FIELD_UNKNOWN", absl::StrCat("there is ", absl::StrJoin(names, ", ")));
  }

  absl::StatusOr<FilterValue> ParseValue(const FilterField& field, const std::string& comparator) {
    if (Now().token == FilterToken::kMinus && field.type == FilterType::kInteger) {
      Take();
      SNOWFIELD_ASSIGN_OR_RETURN(const int64_t value, ParseInteger());
      return FilterValue(-value);
    }
    if (Now().token != FilterToken::kWord && Now().token != FilterToken::kText) {
      return Problem("FILTER_SYNTAX", "a value is missing");
    }
    switch (field.type) {
      case FilterType::kInteger: {
        SNOWFIELD_ASSIGN_OR_RETURN(const int64_t value, ParseInteger());
        return FilterValue(value);
      }
      case FilterType::kBool:
        return ParseBool(comparator);
      case FilterType::kTime:
        return ParseTime();
      case FilterType::kChoice:
        return ParseChoice(field, comparator);
      case FilterType::kText:
        return ParseText(comparator);
    }
    return Problem("FILTER_VALUE_INVALID", "a value is missing");
  }

  absl::StatusOr<int64_t> ParseInteger() {
    int64_t value = 0;
    if (!absl::SimpleAtoi(Now().text, &value)) return Problem("FILTER_VALUE_INVALID", "a whole number is needed");
    Take();
    return value;
  }

  absl::Status CheckEquality(const std::string& comparator) const {
    if (comparator == "=" || comparator == "!=" || comparator == ":") return absl::OkStatus();
    return Problem("FILTER_VALUE_INVALID", "this field is equal or not, neither less nor more: say = or !=");
  }

  absl::StatusOr<FilterValue> ParseBool(const std::string& comparator) {
    SNOWFIELD_RETURN_IF_ERROR(CheckEquality(comparator));
    if (Now().text != "true" && Now().text != "false") return Problem("FILTER_VALUE_INVALID", "say true or false");
    return FilterValue(Take().text == "true");
  }

  absl::StatusOr<FilterValue> ParseTime() {
    if (Now().text == "days_ago" && words_[at_ + 1].token == FilterToken::kOpen) {
      Take();
      Take();
      SNOWFIELD_ASSIGN_OR_RETURN(const int64_t days, ParseInteger());
      if (days < 0 || days > kFilterDaysMax) {
        return Problem("FILTER_VALUE_INVALID", absl::StrCat("0 to ", kFilterDaysMax, " days"));
      }
      if (Now().token != FilterToken::kClose) return Problem("FILTER_SYNTAX", "a ) is missing");
      Take();
      return FilterValue(DaysAgo{static_cast<int>(days)});
    }
    absl::Time time;
    std::string error;
    const std::string& text = Now().text;
    if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error) &&
        !absl::ParseTime("%Y-%m-%d", text, absl::UTCTimeZone(), &time, &error)) {
      return Problem("FILTER_VALUE_INVALID",
                     "a time is needed: days_ago(14), 2026-11-01 or \"2026-11-01T18:00:00-05:00\"");
    }
    Take();
    return FilterValue(time);
  }

  absl::StatusOr<FilterValue> ParseChoice(const FilterField& field, const std::string& comparator) {
    SNOWFIELD_RETURN_IF_ERROR(CheckEquality(comparator));
    std::vector<absl::string_view> names;
    for (const FilterChoice& choice : field.choices) {
      if (choice.name == Now().text) {
        Take();
        return FilterValue(int64_t{choice.number});
      }
      names.emplace_back(choice.name.data(), choice.name.size());
    }
    return Problem("FILTER_VALUE_INVALID", absl::StrCat("one of ", absl::StrJoin(names, ", ")));
  }

  absl::StatusOr<FilterValue> ParseText(const std::string& comparator) {
    TextPattern pattern{.text = Now().text};
    if (pattern.text.find('\0') != std::string::npos) {
      return Problem("FILTER_VALUE_INVALID", "the text holds a NUL character");
    }
    Take();
    if (comparator == ":") {
      pattern.open_begin = pattern.open_end = true;
      return FilterValue(std::move(pattern));
    }
    if (comparator != "=" && comparator != "!=") return FilterValue(std::move(pattern));
    if (!pattern.text.empty() && pattern.text.back() == '*') {
      pattern.open_end = true;
      pattern.text.pop_back();
    }
    if (!pattern.text.empty() && pattern.text.front() == '*') {
      pattern.open_begin = true;
      pattern.text.erase(0, 1);
    }
    return FilterValue(std::move(pattern));
  }

  const std::vector<FilterWord> words_;
  const std::span<const FilterField> fields_;
  const std::string_view field_;
  size_t at_ = 0;
  int comparisons_ = 0;
};

class SqlWriter {
 public:
  SqlWriter(absl::Time now, Params* params) : now_(now), params_(*params) {}

  std::string Write(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kAnd:
      case Node::Kind::kOr: {
        std::vector<std::string> parts;
        for (const NodePtr& part : node.parts) parts.push_back(Write(*part));
        return absl::StrCat("(", absl::StrJoin(parts, node.kind == Node::Kind::kAnd ? " and " : " or "), ")");
      }
      case Node::Kind::kNot:
        return absl::StrCat("not ", Write(*node.parts.front()));
      case Node::Kind::kPresent:
        return absl::StrCat("(", Column(node), " is not null)");
      case Node::Kind::kCompare:
        return WriteComparison(node);
    }
    return "false";
  }

 private:
  static std::string Column(const Node& node) { return absl::StrCat("f.", std::string(node.column)); }

  std::string Bound() const { return absl::StrCat("$", params_.count()); }

  std::string WriteComparison(const Node& node) {
    const std::string comparator = node.comparator == "!=" ? "<>" : node.comparator;
    if (const auto* pattern = std::get_if<TextPattern>(&node.value)) return WriteText(node, comparator, *pattern);
    if (const auto* number = std::get_if<int64_t>(&node.value)) {
      params_.Int64(*number);
    } else if (const auto* truth = std::get_if<bool>(&node.value)) {
      params_.Bool(*truth);
    } else if (const auto* time = std::get_if<absl::Time>(&node.value)) {
      params_.Time(*time);
    } else {
      params_.Time(now_ - absl::Hours(24 * std::get<DaysAgo>(node.value).days));
    }
    return absl::StrCat("coalesce(", Column(node), " ", comparator, " ", Bound(), ", false)");
  }

  std::string WriteText(const Node& node, const std::string& comparator, const TextPattern& pattern) {
    if (!pattern.open_begin && !pattern.open_end) {
      params_.Text(pattern.text);
      return absl::StrCat("coalesce(", Column(node), " ", comparator, " ", Bound(), ", false)");
    }
    params_.Text(absl::StrCat(pattern.open_begin ? "%" : "",
                              absl::StrReplaceAll(pattern.text, {{"\\", "\\\\"}, {"%", "\\%"}, {"_", "\\_"}}),
                              pattern.open_end ? "%" : ""));
    const char* const like = comparator == ":" ? "ilike" : comparator == "=" ? "like" : "not like";
    return absl::StrCat("coalesce(", Column(node), " ", like, " ", Bound(), ", false)");
  }

  const absl::Time now_;
  Params& params_;
};

}  // namespace

Filter::Filter(std::unique_ptr<Node> root) : root_(std::move(root)) {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

absl::StatusOr<Filter> Filter::Parse(std::string_view text, std::span<const FilterField> fields,
                                     std::string_view field) {
  if (text.size() > kFilterBytesMax) {
    return base::InvalidField(field, "FILTER_TOO_LONG", absl::StrCat("at most ", kFilterBytesMax, " bytes"));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<FilterWord> words, ReadFilterWords(text, field));
  if (words.front().token == FilterToken::kEnd) return Filter(nullptr);
  SNOWFIELD_ASSIGN_OR_RETURN(std::unique_ptr<Node> root, Parser(std::move(words), fields, field).ParseAll());
  return Filter(std::move(root));
}

std::string Filter::ToSql(absl::Time now, Params* params) const {
  return root_ == nullptr ? "true" : SqlWriter(now, params).Write(*root_);
}

}  // namespace snowfield::db
