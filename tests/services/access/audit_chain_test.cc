// The chain of the audit log: sealed by many at once, tampered with by one who may do anything to the database.
#include "services/access/audit_chain.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "db/pg/connection.h"
#include "db/pg/run_in_transaction.h"
#include "services/access/audit_sealer.h"
#include "tests/support/test_database.h"

namespace snowfield::access {
namespace {

class AuditChain : public ::testing::Test {
 protected:
  AuditChain() : campaign_(database_.CreateCampaign("One")) {}

  db::Scope Scope() const { return {.campaign = campaign_, .deadline = absl::Now() + absl::Minutes(1)}; }
  absl::Status Write(int64_t subject, absl::Duration hold = absl::ZeroDuration()) {
    return db::RunInTransaction(database_.pool(), Scope(), [&](db::Transaction& transaction) {
      absl::Status status = db::WriteAudit(
          transaction,
          {.action = "test.write", .subject_kind = "thing", .subject_id = subject, .detail_json = "{\"n\":1}"});
      absl::SleepFor(hold);
      return status;
    });
  }
  void WriteMany(int count) {
    for (int i = 1; i <= count; ++i) ASSERT_TRUE(Write(i).ok());
  }
  int64_t Seal() {
    const auto sealed = SealPending(database_.pool(), Scope());
    EXPECT_TRUE(sealed.ok()) << sealed.status();
    return sealed.value_or(-1);
  }
  Verdict Verify(const db::AuditSeal& noted = {}) {
    const auto verdict = VerifyChain(database_.pool(), Scope(), {.noted = noted});
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    return verdict.value_or(Verdict());
  }
  // As a superuser who has switched off what keys and triggers check.
  void Tamper(const std::string& sql) {
    const auto superuser = db::Connection::Open({.connection_string = database_.superuser_connection_string()});
    ASSERT_TRUE(superuser.ok());
    const auto done = (*superuser)
                          ->RunScript(absl::StrCat("set session_replication_role = replica;", sql),
                                      {.deadline = absl::Now() + absl::Minutes(1)});
    ASSERT_TRUE(done.ok()) << done.status() << "\n" << sql;
  }
  // The entry under a seal of ten: its id.
  std::string EntryOf(int seal) const {
    return absl::StrCat("(select audit_id from audit_seal where seal_number = ", seal, ")");
  }

  tests::TestDatabase database_;
  base::CampaignId campaign_;
};

TEST_F(AuditChain, OfNothingIsWhole) {
  const Verdict verdict = Verify();
  EXPECT_EQ(verdict.breach, Breach::kNone);
  EXPECT_EQ(verdict.verified, 0);
}

TEST_F(AuditChain, IsSealedInBatchesAndHolds) {
  const int count = kSealBatchMax + 10;
  WriteMany(count);
  EXPECT_EQ(Seal(), count);
  EXPECT_EQ(Seal(), 0);
  const Verdict verdict = Verify();
  EXPECT_EQ(verdict.breach, Breach::kNone);
  EXPECT_EQ(verdict.verified, count);
  EXPECT_EQ(verdict.last.number, count);
}

TEST_F(AuditChain, VerifyingSealsWhatIsPending) {
  WriteMany(3);
  EXPECT_EQ(Verify().verified, 3);
}

TEST_F(AuditChain, HoldsWhileManyWriteAndManySealAtOnce) {
  constexpr int kWriters = 8, kEach = 40;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < kEach; ++j) {
        // Some commit late, after entries with higher ids were sealed.
        EXPECT_TRUE(Write(j, j % 10 == i ? absl::Milliseconds(30) : absl::ZeroDuration()).ok());
      }
    });
  }
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 40; ++j) Seal();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Verdict verdict = Verify();
  EXPECT_EQ(verdict.breach, Breach::kNone) << verdict.broken_number;
  EXPECT_EQ(verdict.verified, kWriters * kEach);
}

TEST_F(AuditChain, IsSealedInTheBackgroundWithinASecondOrTwo) {
  AuditSealer sealer(&database_.pool(), absl::Milliseconds(100));
  WriteMany(5);
  sealer.Note(campaign_);
  bool sealed = false;
  for (const absl::Time end = absl::Now() + absl::Seconds(20); absl::Now() < end && !sealed;) {
    absl::SleepFor(absl::Milliseconds(20));
    const auto head = db::RunInTransaction(database_.pool(), Scope(), db::FindAuditHead);
    sealed = head.ok() && head->number == 5;
  }
  EXPECT_TRUE(sealed);
}

TEST_F(AuditChain, EveryFieldOfAnEntryIsUnderTheSeal) {
  const db::AuditRow entry{.audit_id = 7,
                           .time = absl::FromUnixMicros(1),
                           .member = base::MemberId(2),
                           .action = "a",
                           .subject_kind = "b",
                           .subject_id = 3,
                           .detail_json = "{}"};
  const std::string hash = SealOf({}, base::CampaignId(1), entry).hash;
  EXPECT_EQ(hash.size(), 32u);
  EXPECT_EQ(SealOf({}, base::CampaignId(1), entry).hash, hash);
  EXPECT_NE(SealOf({}, base::CampaignId(2), entry).hash, hash);
  EXPECT_NE(SealOf({.number = 1, .hash = std::string(32, '\0')}, base::CampaignId(1), entry).hash, hash);
  const auto differs = [&](auto change) {
    db::AuditRow other = entry;
    change(other);
    return SealOf({}, base::CampaignId(1), other).hash != hash;
  };
  EXPECT_TRUE(differs([](db::AuditRow& row) { row.audit_id = 8; }));
  EXPECT_TRUE(differs([](db::AuditRow& row) { row.time += absl::Microseconds(1); }));
  EXPECT_TRUE(differs([](db::AuditRow& row) { row.member = base::MemberId(3); }));
  EXPECT_TRUE(differs([](db::AuditRow& row) { row.action = "c"; }));
  EXPECT_TRUE(differs([](db::AuditRow& row) { row.subject_kind = "c"; }));
  EXPECT_TRUE(differs([](db::AuditRow& row) { row.subject_id = 4; }));
  EXPECT_TRUE(differs([](db::AuditRow& row) { row.detail_json = "{ }"; }));
  // What moves from one text to the next is no less a change.
  EXPECT_TRUE(differs([](db::AuditRow& row) {
    row.action = "ab";
    row.subject_kind = "";
  }));
}

struct Tampering {
  const char* name;
  const char* sql;  // $5$ is the id of the entry under seal 5
  Breach breach;
  int64_t number;
};

class TamperedChain : public AuditChain, public ::testing::WithParamInterface<Tampering> {};

TEST_P(TamperedChain, IsFoundOutAtTheFirstWrongEntry) {
  WriteMany(10);
  ASSERT_EQ(Seal(), 10);
  std::string sql = GetParam().sql;
  for (const int seal : {5, 10}) {
    const std::string word = absl::StrCat("$", seal, "$");
    for (size_t at = sql.find(word); at != std::string::npos; at = sql.find(word)) {
      sql.replace(at, word.size(), EntryOf(seal));
    }
  }
  Tamper(sql);
  const Verdict verdict = Verify();
  EXPECT_EQ(verdict.breach, GetParam().breach) << static_cast<int>(verdict.breach);
  EXPECT_EQ(verdict.broken_number, GetParam().number);
}

INSTANTIATE_TEST_SUITE_P(
    , TamperedChain,
    ::testing::Values(
        Tampering{"changed", "update audit_log set subject_id = 99 where audit_id = $5$", Breach::kEntryChanged, 5},
        Tampering{"moved_in_time",
                  "update audit_log set audit_time = audit_time - interval '1 hour' where audit_id = $5$",
                  Breach::kEntryChanged, 5},
        Tampering{"deleted", "delete from audit_log where audit_id = $5$", Breach::kEntryMissing, 5},
        Tampering{"deleted_with_seal",
                  "delete from audit_log where audit_id = $5$; delete from audit_seal where seal_number = 5",
                  Breach::kSealMissing, 5},
        Tampering{"deleted_and_closed_up",
                  "delete from audit_log where audit_id = $5$; delete from audit_seal where seal_number = 5; "
                  "update audit_seal set seal_number = seal_number - 1 where seal_number > 5; "
                  "update audit_head set seal_number = 9",
                  Breach::kEntryChanged, 5},
        Tampering{"end_cut_off",
                  "delete from audit_log where audit_id = $10$; delete from audit_seal where seal_number = 10",
                  Breach::kEndMissing, 10},
        Tampering{"inserted",
                  "insert into audit_log (campaign_id, action, subject_kind) select campaign_id, 'test.write', 'thing' "
                  "from audit_head",
                  Breach::kEntryUnsealed, 0},
        Tampering{"inserted_with_seal",
                  "insert into audit_log (campaign_id, audit_id, action) select campaign_id, 999, 'x' from audit_head; "
                  "insert into audit_seal select campaign_id, 11, 999, entry_hash from audit_head; "
                  "update audit_head set seal_number = 11",
                  Breach::kEntryChanged, 11},
        Tampering{"reordered",
                  "alter table audit_seal drop constraint audit_seal_entry_uk; "
                  "update audit_seal s set audit_id = o.audit_id from audit_seal o "
                  "where s.seal_number in (5, 6) and o.seal_number = 11 - s.seal_number",
                  Breach::kEntryChanged, 5}),
    [](const ::testing::TestParamInfo<Tampering>& info) { return info.param.name; });

TEST_F(AuditChain, AWholeNewChainIsFoundOutByTheSealThatWasNoted) {
  WriteMany(10);
  const Verdict before = Verify();
  // One who may do anything drops an entry and seals everything anew.
  Tamper(absl::StrCat("delete from audit_log where audit_id = ", EntryOf(5),
                      "; delete from audit_seal; delete from audit_head; "
                      "insert into audit_pending select campaign_id, audit_id from audit_log"));
  ASSERT_EQ(Seal(), 9);
  EXPECT_EQ(Verify().breach, Breach::kNone) << "by itself it is a good chain";
  EXPECT_EQ(Verify(before.last).breach, Breach::kEndMissing);
  WriteMany(1);
  EXPECT_EQ(Verify(before.last).breach, Breach::kNotedDiffers);
}

TEST_F(AuditChain, TheApplicationItselfCannotChangeWhatIsSealed) {
  WriteMany(1);
  Seal();
  for (const char* sql : {"update audit_log set action = 'x'", "delete from audit_log",
                          "update audit_seal set audit_id = 2", "delete from audit_seal", "truncate audit_log"}) {
    const db::Query query = {sql, sql};
    EXPECT_FALSE(database_.pool().Begin(Scope())->Run(query).ok()) << sql;
  }
}

}  // namespace
}  // namespace snowfield::access
