#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "db/store/script_store.h"
#include "services/canvass/script_check.h"
#include "services/canvass/script_wire.h"
#include "snowfield/canvass/v1/script.grpc.pb.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using canvass::v1::DownloadWalkListRequest;
using canvass::v1::DownloadWalkListResponse;
using canvass::v1::GetScriptRequest;
using canvass::v1::GetScriptResponse;
using canvass::v1::Knock;
using canvass::v1::KNOCK_OUTCOME_ACCEPTED;
using canvass::v1::KNOCK_RESULT_CANVASSED;
using canvass::v1::KnockAnswer;
using canvass::v1::KnockResponse;
using canvass::v1::ListScriptsRequest;
using canvass::v1::ListScriptsResponse;
using canvass::v1::QUESTION_KIND_YES_NO;
using canvass::v1::QuestionCondition;
using canvass::v1::QuestionDraft;
using canvass::v1::Script;
using canvass::v1::ScriptDraft;
using canvass::v1::ScriptService;
using canvass::v1::ScriptSummary;
using canvass::v1::SetScriptRequest;
using canvass::v1::SetScriptResponse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Scripts : public ::testing::Test {
 protected:
  SetScriptResponse Set(const ScriptDraft& script) {
    SetScriptRequest request;
    *request.mutable_script() = script;
    SetScriptResponse response;
    const grpc::Status status = stub_->SetScript(field_.As(field_.campaign.owner_token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  GetScriptResponse Get(int64_t script_id = 0, const std::string& language = "") {
    GetScriptRequest request;
    request.set_script_id(script_id);
    if (!language.empty()) request.add_languages(language);
    GetScriptResponse response;
    const grpc::Status status = stub_->GetScript(field_.As(field_.leader_token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  DownloadWalkListResponse Download(const std::string& language) {
    DownloadWalkListRequest request;
    request.set_list_number(field_.lists[0]);
    if (!language.empty()) request.add_languages(language);
    DownloadWalkListResponse list;
    const grpc::Status status = field_.canvass().DownloadWalkList(field_.As(field_.phone).get(), request, &list);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return list;
  }
  Knock Answered(int door, int64_t script_id, const std::string& question, const std::string& answer) {
    Knock knock = field_.Knock(door);
    knock.set_result(KNOCK_RESULT_CANVASSED);
    knock.set_script_id(script_id);
    KnockResponse& response = *knock.add_responses();
    response.set_person_id(field_.people[2 * door]);
    response.set_question(question);
    response.set_answer(answer);
    return knock;
  }
  // A version in which support is asked by yes or no.
  ScriptDraft WithOtherSupport() {
    ScriptDraft script = Get().script();
    script.clear_questions();
    QuestionDraft& question = *script.add_questions();
    question.set_code("support");
    question.set_kind(QUESTION_KIND_YES_NO);
    (*question.mutable_text())["en"] = "Are you with us?";
    return script;
  }

  Field field_;
  std::unique_ptr<ScriptService::Stub> stub_ = ScriptService::NewStub(field_.channel());
};

TEST_F(Scripts, ANewCampaignsIsSoundAndItsTwoFormsAreOne) {
  const ScriptDraft script = Get().script();
  EXPECT_THAT(canvass::CheckScript(script), IsEmpty());
  auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
  ASSERT_TRUE(transaction.ok());
  const auto body = db::CurrentScript(*transaction);
  ASSERT_TRUE(body.ok());
  Script stored;
  ASSERT_TRUE(canvass::ScriptFromJson(body->body, &stored).ok());
  EXPECT_EQ(stored.DebugString(), canvass::OnPhone(script, "en").DebugString());
}

TEST_F(Scripts, PhonesGetTheNewestInTheirLanguage) {
  field_.CheckOut(field_.phone);
  const DownloadWalkListResponse before = Download("es-MX");
  EXPECT_EQ(before.script().language(), "es");
  EXPECT_EQ(before.script().greeting().substr(0, 4), "Hola");
  EXPECT_EQ(before.script().version(), 1);
  EXPECT_EQ(Download("").script().language(), "en");
  const SetScriptResponse set = Set(WithOtherSupport());
  EXPECT_EQ(set.version(), 2);
  const DownloadWalkListResponse after = Download("es-MX");
  EXPECT_EQ(after.script().script_id(), set.script_id());
  EXPECT_EQ(after.script().questions(0).text(), "Are you with us?") << "not translated";
  EXPECT_NE(after.version(), before.version()) << "a phone that asks with known_version must see that it has changed";
}

TEST_F(Scripts, TheSameAgainIsTheSameVersion) {
  const SetScriptResponse first = Set(WithOtherSupport());
  const SetScriptResponse again = Set(Get().script());
  EXPECT_EQ(again.script_id(), first.script_id());
  EXPECT_EQ(again.version(), first.version());
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'script.set'"), 1);
}

TEST_F(Scripts, WritersAtOnceGetVersionsOfTheirOwn) {
  const ScriptDraft script = WithOtherSupport();
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] {
      ScriptDraft mine = script;
      (*mine.mutable_greeting())["en"] = "Hello " + std::to_string(i);
      Set(mine);
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(field_.Count("select count(distinct version) from script"), 9);
  EXPECT_EQ(field_.Count("select max(version) from script"), 9);
}

TEST_F(Scripts, OneWithProblemsIsRefusedAndAllOfThemAreNamedOnDemand) {
  ScriptDraft script = WithOtherSupport();
  QuestionCondition& condition = *script.mutable_questions(0)->add_when();
  condition.set_question("support");
  SetScriptRequest request;
  *request.mutable_script() = script;
  SetScriptResponse response;
  const grpc::Status refused = stub_->SetScript(field_.As(field_.campaign.owner_token).get(), request, &response);
  EXPECT_EQ(ReasonOf(refused), "SCRIPT_UNSOUND");
  EXPECT_EQ(FieldOf(refused), "script");
  request.set_validate_only(true);
  ASSERT_TRUE(stub_->SetScript(field_.As(field_.campaign.owner_token).get(), request, &response).ok());
  ASSERT_EQ(response.problems_size(), 1);
  EXPECT_EQ(response.problems(0).question(), "support");
  EXPECT_EQ(response.problems(0).reason(), "LOOP");
  EXPECT_EQ(field_.Count("select count(*) from script"), 1);
}

TEST_F(Scripts, AnAnswerIsHeldAgainstTheVersionItWasGivenTo) {
  field_.CheckOut(field_.phone);
  const int64_t old_one = Get().script_id();
  const int64_t new_one = Set(WithOtherSupport()).script_id();
  const auto answers = field_.Send({Answered(0, old_one, "support", "1"), Answered(1, new_one, "support", "yes"),
                                    Answered(2, new_one, "support", "1"), Answered(3, 0, "support", "9")});
  for (const KnockAnswer& answer : answers) EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_THAT(answers[0].flags(), IsEmpty()) << "an old phone's answer to an old version is as good as ever";
  EXPECT_THAT(answers[1].flags(), IsEmpty());
  EXPECT_THAT(answers[2].flags(), ElementsAre("OFF_SCRIPT"));
  EXPECT_THAT(answers[3].flags(), IsEmpty()) << "it names no script: nothing to hold it against";
  EXPECT_EQ(field_.Count("select count(*) from knock_response where off_script"), 1);
  EXPECT_EQ(field_.Count("select count(distinct script_id) from knock"), 2);
}

TEST_F(Scripts, NoRuleFiresOnAnAnswerThatIsOffTheScript) {
  field_.CheckOut(field_.phone);
  const int64_t new_one = Set(WithOtherSupport()).script_id();
  field_.Send({Answered(0, new_one, "support", "1")});
  EXPECT_EQ(field_.Count("select count(*) from follow_up"), 0);
  field_.Send({Answered(1, 0, "support", "1")});
  EXPECT_EQ(field_.Count("select count(*) from follow_up"), 1);
}

TEST_F(Scripts, AKnockForAScriptThatIsNotThereIsKept) {
  field_.CheckOut(field_.phone);
  const auto answers = field_.Send({Answered(0, 987654, "support", "1")});
  EXPECT_EQ(answers[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_THAT(answers[0].flags(), ElementsAre("OFF_SCRIPT"));
  EXPECT_EQ(field_.Count("select count(*) from knock where script_id is null"), 1);
  EXPECT_EQ(field_.Count("select count(*) from knock_response where off_script"), 1);
}

TEST_F(Scripts, AreListedNewestFirstInPages) {
  field_.CheckOut(field_.phone);
  const int64_t new_one = Set(WithOtherSupport()).script_id();
  field_.Send({Answered(0, new_one, "support", "yes")});
  ListScriptsRequest request;
  request.set_page_size(1);
  std::vector<std::pair<int, int64_t>> seen;
  do {
    ListScriptsResponse response;
    ASSERT_TRUE(stub_->ListScripts(field_.As(field_.leader_token).get(), request, &response).ok());
    for (const ScriptSummary& script : response.scripts()) seen.emplace_back(script.version(), script.knocks());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre(std::make_pair(2, 1), std::make_pair(1, 0)));
}

TEST_F(Scripts, AVersionCanNotBeChanged) {
  constexpr db::Query kChange{.name = "test_change_script",
                              .sql = "update script set version = 7 where campaign_id = $1"};
  auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
  ASSERT_TRUE(transaction.ok());
  const auto changed = transaction->Run(kChange, db::Params().Id(field_.campaign.campaign));
  // The message carries SQLSTATE 42501, insufficient_privilege.
  EXPECT_THAT(std::string(changed.status().message()), ::testing::HasSubstr("42501"));
}

}  // namespace
}  // namespace snowfield::tests
