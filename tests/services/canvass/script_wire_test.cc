#include "services/canvass/script_wire.h"

#include <gtest/gtest.h>

#include <string>

namespace snowfield::canvass {
namespace {

v1::ScriptDraft Draft() {
  v1::ScriptDraft script;
  script.set_name("S");
  for (const char* language : {"en", "es", "zh-Hant"}) script.add_languages(language);
  (*script.mutable_greeting())["en"] = "Hello";
  (*script.mutable_greeting())["es"] = "Hola";
  const auto add = [&](const char* code, v1::QuestionKind kind) {
    v1::QuestionDraft& question = *script.add_questions();
    question.set_code(code);
    question.set_kind(kind);
    (*question.mutable_text())["en"] = "?";
    return &question;
  };
  add("support", v1::QUESTION_KIND_SCALE);
  v1::AnswerDraft& answer = *add("issue", v1::QUESTION_KIND_MANY_OF)->add_answers();
  answer.set_code("housing");
  (*answer.mutable_text())["es"] = "vivienda";
  add("children", v1::QUESTION_KIND_NUMBER)->set_max(12);
  add("age", v1::QUESTION_KIND_NUMBER);
  add("moved", v1::QUESTION_KIND_DATE);
  add("words", v1::QUESTION_KIND_FREE_TEXT);
  add("voted", v1::QUESTION_KIND_YES_NO);
  add("volunteer", v1::QUESTION_KIND_ASK)->set_ask(v1::ASK_KIND_VOLUNTEER);
  return script;
}

std::string Chosen(std::initializer_list<const char*> asked) {
  Languages languages;
  for (const char* language : asked) *languages.Add() = language;
  return ChooseLanguage(Draft(), languages);
}

TEST(ChooseLanguage, TakesTheFirstThatThereIs) {
  EXPECT_EQ(Chosen({"es"}), "es");
  EXPECT_EQ(Chosen({"fr", "es"}), "es");
  EXPECT_EQ(Chosen({"en", "es"}), "en");
  EXPECT_EQ(Chosen({"ES"}), "es");
}

TEST(ChooseLanguage, TakesALongerCodeByItsBeginning) {
  EXPECT_EQ(Chosen({"es-MX"}), "es");
  EXPECT_EQ(Chosen({"zh-Hant-TW"}), "zh-Hant");
  EXPECT_EQ(Chosen({"zh-Hans"}), "en");
}

TEST(ChooseLanguage, FallsBackToTheScriptsFirst) {
  EXPECT_EQ(Chosen({}), "en");
  EXPECT_EQ(Chosen({"fr"}), "en");
}

TEST(OnPhone, SaysWhatIsNotTranslatedInTheFirstLanguage) {
  const v1::Script script = OnPhone(Draft(), "es");
  EXPECT_EQ(script.language(), "es");
  EXPECT_EQ(script.greeting(), "Hola");
  EXPECT_EQ(script.questions(0).text(), "?");
  EXPECT_EQ(script.questions(1).labels(0), "vivienda");
  EXPECT_EQ(OnPhone(Draft(), "zh-Hant").greeting(), "Hello");
  EXPECT_EQ(OnPhone(Draft(), "en").questions(1).labels(0), "housing");
  ASSERT_EQ(script.asks_size(), 1);
  EXPECT_EQ(script.asks(0), v1::ASK_KIND_VOLUNTEER);
}

bool Fits(const char* question, const char* answer) {
  v1::KnockResponse response;
  response.set_question(question);
  response.set_answer(answer);
  return IsOnScript(OnPhone(Draft(), "en"), response);
}

TEST(IsOnScript, HoldsEachAnswerAgainstItsQuestion) {
  EXPECT_TRUE(Fits("support", "1"));
  EXPECT_FALSE(Fits("support", "6"));
  EXPECT_TRUE(Fits("issue", "housing"));
  EXPECT_FALSE(Fits("issue", "vivienda"));
  EXPECT_TRUE(Fits("children", "0"));
  EXPECT_TRUE(Fits("children", "12"));
  EXPECT_FALSE(Fits("children", "13"));
  EXPECT_FALSE(Fits("children", "two"));
  EXPECT_TRUE(Fits("age", "99"));
  EXPECT_FALSE(Fits("age", "-1"));
  EXPECT_TRUE(Fits("moved", "2026-02-28"));
  EXPECT_FALSE(Fits("moved", "2026-02-29"));
  EXPECT_FALSE(Fits("moved", "28.2.2026"));
  EXPECT_TRUE(Fits("words", "anything"));
  EXPECT_TRUE(Fits("voted", "yes"));
  EXPECT_FALSE(Fits("voted", "maybe"));
  EXPECT_FALSE(Fits("volunteer", "yes"));
  EXPECT_FALSE(Fits("nothing", "yes"));
}

TEST(ScriptJson, IsReadAsItWasWritten) {
  const auto json = ScriptToJson(Draft());
  ASSERT_TRUE(json.ok());
  v1::ScriptDraft read;
  ASSERT_TRUE(ScriptFromJson(*json, &read).ok());
  EXPECT_EQ(read.SerializeAsString().size(), Draft().SerializeAsString().size());
  EXPECT_EQ(read.questions(1).answers(0).text().at("es"), "vivienda");
}

}  // namespace
}  // namespace snowfield::canvass
