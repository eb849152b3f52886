"""Made-up words for the gallery, in both languages. They are samples, not texts of the product."""

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kakehashi.core import clock
from kakehashi.ui.assets import FOLDER
from kakehashi.ui.conversation import (
    AttachmentLink,
    Composer,
    ComposerMode,
    EventLine,
    Message,
    TimelineDay,
    TimelineEntry,
)
from kakehashi.ui.templatetags.ui_lists import Filter

TAB_ICONS = ("user-search", "users", "building", "businessplan", "package")

PAIRS: dict[str, tuple[Any, Any]] = {
    "org": ("みなも計測株式会社", "Minamo Measuring Inc."),
    "leads": ("見込み客", "Leads"),
    "contacts": ("連絡先", "Contacts"),
    "accounts": ("取引先", "Accounts"),
    "deals": ("商談", "Deals"),
    "products": ("商品", "Products"),
    "desk": ("Desk", "Desk"),
    "ticket": ("問い合わせ", "Ticket"),
    "tickets": ("問い合わせ", "Tickets"),
    "signals": ("シグナル", "Signals"),
    "person": ("相沢 美咲", "Misaki Aizawa"),
    "kana": ("あいざわ みさき", "QA manager"),
    "agent": ("森本 葵", "Aoi Morimoto"),
    "seller": ("高瀬 悠", "Yu Takase"),
    "light": ("戸田 陸", "Riku Toda"),
    "lead_agent": ("栗原 紬", "Tsumugi Kurihara"),
    "people": (
        ["森本 葵", "高瀬 悠", "戸田 陸", "栗原 紬"],
        ["Aoi Morimoto", "Yu Takase", "Riku Toda", "Tsumugi Kurihara"],
    ),
    "goods": (
        ["温度ロガー TL-200", "ゲートウェイ GW-10", "クラウド監視プラン"],
        ["Temperature logger TL-200", "Gateway GW-10", "Cloud monitoring plan"],
    ),
    "good": ("温度ロガー TL-200", "Temperature logger TL-200"),
    "company": ("月見坂食品株式会社", "Tsukimizaka Foods Co., Ltd."),
    "deal": ("第2工場 ロガー増設", "Plant 2: more loggers"),
    "address": ("新潟県長岡市月見町 3-12-5", "3-12-5 Tsukimicho, Nagaoka, Niigata"),
    "title": ("品質管理部 課長", "Manager, quality assurance"),
    "open": ("対応中", "In progress"),
    "new": ("未対応", "Open"),
    "hold": ("お客様の返答待ち", "Waiting for customer"),
    "escalated": ("エスカレーション済み", "Escalated"),
    "closed": ("完了", "Closed"),
    "queued": ("待機中", "Queued"),
    "failed": ("送信失敗", "Not sent"),
    "late": ("2時間10分超過", "2 h 10 min late"),
    "soon": ("残り50分", "50 min left"),
    "later": ("残り1日と4時間", "1 day 4 h left"),
    "in_time": ("期限内に解決", "Solved in time"),
    "subject": ("冷蔵庫3号機のロガーが15分ごとに切断される", "Logger in refrigerator 3 disconnects every 15 minutes"),
    "subject_2": ("校正証明書の再発行について", "Reissue of the calibration certificate"),
    "subject_3": (
        "クラウド監視プランの請求書に旧社名が記載されている",
        "Invoice for the cloud plan shows our old company name",
    ),
    "subject_4": ("アラートメールが担当者の一部に届かない", "Alert mails do not reach some of our people"),
    "subject_5": ("ゲートウェイのファームウェアを更新する手順", "How to update the gateway's firmware"),
    "answered": ("お客様から回答・12分前", "Customer answered · 12 min ago"),
    "replied": ("返信・昨日 16:20", "Replied · yesterday 16:20"),
    "solved": ("解決まで 6時間", "Solved in 6 hours"),
    "link_deal": ("商談へのリンク", "Link to deal"),
    "update": ("項目の更新", "Update field"),
    "close": ("終了", "Close ticket"),
    "more": ("詳細", "More"),
    "delete": ("削除", "Delete"),
    "edit": ("編集", "Edit"),
    "stats": ("統計の表示", "View statistics"),
    "new_ticket": ("新しい問い合わせ", "New ticket"),
    "save": ("保存", "Save"),
    "cancel": ("キャンセル", "Cancel"),
    "assign": ("担当者の変更", "Change assignee"),
    "merge": ("統合", "Merge"),
    "number": ("番号", "No."),
    "subject_label": ("件名", "Subject"),
    "status": ("ステータス", "Status"),
    "priority": ("優先度", "Priority"),
    "due": ("期限", "Due"),
    "assignee": ("担当者", "Assignee"),
    "activity": ("最新の動き", "Latest"),
    "rating": ("評価", "Rating"),
    "name": ("名前", "Name"),
    "email": ("メール", "E-mail"),
    "amount": ("金額", "Amount"),
    "owner": ("担当者", "Owner"),
    "phone": ("電話番号", "Phone"),
    "mobile": ("携帯電話", "Mobile"),
    "mailing": ("郵送先住所", "Mailing address"),
    "source": ("データ元", "Source"),
    "fair": ("展示会（2025年春）", "Trade fair, spring 2025"),
    "contact_info": ("連絡先情報", "Contact information"),
    "select": ("選択", "Select"),
    "why_empty": (
        "メールアドレスがないため、問い合わせを表示できません。",
        "There is no e-mail address, so no tickets can be shown.",
    ),
    "add_mail": ("メールを追加", "Add an e-mail address"),
    "amber": (
        "CRMの「休止」に当たる値がDeskにありません（17件）。",
        "The CRM value “Paused” has no counterpart in the Desk (17 records).",
    ),
    "blue": (
        "まだ何も変更していません。下の内容で問題なければ承認してください。",
        "Nothing has been changed yet. If the list below is right, approve it.",
    ),
    "red": ("メールサーバーが宛先を受け付けませんでした。", "The mail server refused the recipient."),
    "danger_title": ("連携の無効化", "Disable the integration"),
    "danger": (
        "同期が止まり、問い合わせはCRMに表示されなくなります。影響を受けるのは、連絡先 4,182件、相互ユーザー 3人です。",
        "Sync stops and tickets are no longer shown in the CRM. This affects 4,182 contacts and 3 mutual users.",
    ),
    "disable": ("無効化", "Disable"),
    "portal": ("minamo-support", "minamo-support"),
    "steps": (
        ["接続", "ユーザーの招待", "同期設定", "関連リスト", "シグナル", "確認"],
        ["Connect", "Invite users", "Sync settings", "Related lists", "Signals", "Review"],
    ),
    "syncing": ("連絡先を同期しています", "Syncing contacts"),
    "progress": ("3,048 / 4,182件・残り約2分", "3,048 / 4,182 · about 2 min left"),
    "both_ways": ("双方向", "Both ways"),
    "to_desk": ("CRMからDesk", "CRM to Desk"),
    "to_crm": ("DeskからCRM", "Desk to CRM"),
    "column_1": ("連絡先・見込み客", "Contacts and leads"),
    "column_2": ("商談", "Deals"),
    "column_note": ("進行中の商談があるお客様", "Customers with an open deal"),
    "more_cards": ("ほか 4件を表示", "Show 4 more"),
    "average": ("平均回答時間", "Average response"),
    "goal": ("目標 2時間以内", "Goal: within 2 hours"),
    "count": ("問い合わせ数", "Tickets"),
    "compared": ("前の12か月より 5件多い", "5 more than the year before"),
    "overdue": ("期限超過", "Overdue"),
    "of_open": ("未完了 4件のうち", "of 4 open ones"),
    "created": ("作成", "Create"),
    "linked": ("関連付け", "Link"),
    "updated": ("更新", "Update"),
    "conflicts": ("競合", "Conflicts"),
    "skipped": ("対象外", "Skipped"),
    "body_1": (
        "<p>いつもお世話になっております。月見坂食品の相沢です。</p><p>第1工場の冷蔵庫3号機に取り付けたロガーが、15分ほどで切断されます。監査が近いため、早めに見ていただけると助かります。</p>",
        "<p>Hello, this is Aizawa from Tsukimizaka Foods.</p><p>The logger on refrigerator 3 in plant 1 disconnects after about 15 minutes. We have an audit soon, so a quick look would help us a lot.</p>",
    ),
    "body_2": (
        "<p>相沢様、ご連絡ありがとうございます。お手数ですが、ゲートウェイを一度再起動していただき、30分ほど様子を見ていただけますでしょうか。</p>",
        "<p>Thank you for your message. Could you restart the gateway once and watch it for about 30 minutes?</p>",
    ),
    "body_3": (
        "<p><span class='k-mention'>@森本 葵</span> 増設の商談が今週決まりそうです。先に代替機を送る手配ができれば、私からもお伝えします。</p>",
        "<p><span class='k-mention'>@Aoi Morimoto</span> The deal for more loggers may be won this week. If we can send a replacement first, I will tell them, too.</p>",
    ),
    "draft": ("<div>相沢様<br>ご確認いただきありがとうございます。</div>", "<div>Thank you for checking.</div>"),
    "verb": ("が返信", "replied"),
    "read": ("開封済み", "Opened"),
    "event": ("が担当者を変更しました", "changed the assignee to"),
    "missed": ("解決の期限を過ぎました", "The time to solve it has passed"),
    "reply": ("返信", "Reply"),
    "reply_all": ("全員に返信", "Reply all"),
    "forward": ("転送", "Forward"),
    "comment": ("コメント", "Comment"),
    "send_reply": ("返信を送信", "Send reply"),
    "send_forward": ("転送を送信", "Forward it"),
    "add_comment": ("コメントを追加", "Add comment"),
    "today": ("今日　11月19日（木）", "Today, November 19"),
    "yesterday": ("昨日　11月18日（水）", "Yesterday, November 18"),
    "moved": ("商談のステージが「見積もり提示」に変わりました。", "The deal moved to “Quote sent”."),
    "called": ("が通話を記録しました。", "logged a call."),
    "all": ("すべて", "All"),
    "high": ("高優先度", "High priority"),
    "customer": ("お客様", "Customer"),
    "admin": ("管理者", "Administrator"),
    "text_type": ("1行", "Single line"),
    "reading": (
        "色だけに頼らず、言葉でも状態を伝えます。日本語とEnglishが混ざっても読みやすく、数字 1,234,567 は桁がそろいます。",
        "A state is never told by colour alone. Japanese 日本語 and English mix well, and figures such as 1,234,567 line up.",
    ),
}


def words(language: str) -> dict[str, Any]:
    place = 0 if language.startswith("ja") else 1
    return {name: pair[place] for name, pair in PAIRS.items()}


def messages(s: dict[str, Any]) -> list[Message | EventLine]:
    photo = AttachmentLink("logger-3.jpg", "#", 421_888, is_image=True)
    mail = "misaki.aizawa@tsukimizaka.example"
    return [
        Message(s["person"], _ago(hours=20), _html(s["body_1"]), address=mail, attachments=[photo]),
        EventLine(
            format_html("<b>{}</b> {} <b>{}</b>", s["lead_agent"], s["event"], s["agent"]), _ago(hours=19), "user-check"
        ),
        Message(
            s["agent"],
            _ago(hours=18),
            _html(s["body_2"]),
            verb=s["verb"],
            state=s["read"],
            quoted_html=s["subject"],
        ),
        EventLine(s["missed"], _ago(hours=2), "alert-circle", is_bad=True),
        Message(s["seller"], _ago(hours=1), _html(s["body_3"]), is_internal=True),
        Message(s["agent"], _ago(minutes=12), _html(s["body_2"]), verb=s["verb"], failure=s["red"]),
    ]


def composer(s: dict[str, Any], url: str) -> Composer:
    mail, other = "misaki.aizawa@tsukimizaka.example", "qa@tsukimizaka.example"
    return Composer(
        modes=[
            ComposerMode("reply", s["reply"], "arrow-back-up", url, s["send_reply"], to=[mail]),
            ComposerMode(
                "reply_all", s["reply_all"], "arrow-back-up-double", url, s["send_reply"], to=[mail], cc=[other]
            ),
            ComposerMode("forward", s["forward"], "arrow-forward-up", url, s["send_forward"]),
            ComposerMode("comment", s["comment"], "lock", url, s["add_comment"], is_internal=True),
        ],
        draft_html=s["draft"],
    )


def days(s: dict[str, Any]) -> list[TimelineDay]:
    call = format_html("<strong>{}</strong> {}", s["seller"], s["called"])
    answered = format_html('<a href="#">#318</a> {}', s["answered"])
    today = [
        TimelineEntry(answered, _ago(minutes=12), "message", is_blue=True),
        TimelineEntry(call, _ago(hours=2), "phone"),
    ]
    return [
        TimelineDay(s["today"], today),
        TimelineDay(s["yesterday"], [TimelineEntry(s["moved"], _ago(hours=26), "businessplan")]),
    ]


def filters(s: dict[str, Any]) -> list[Filter]:
    return [
        Filter(s["all"], "#", 24, is_current=True),
        Filter(s["overdue"], "#", 2, is_late=True),
        Filter(s["closed"], "#", 20),
        Filter(s["escalated"], "#", 1),
        Filter(s["high"], "#", 0),
    ]


@cache
def icon_names() -> list[str]:
    return re.findall(r'id="([\w-]+)"', (FOLDER / "ui/icons.svg").read_text())


def _ago(**distance: int) -> datetime:
    return clock.now() - timedelta(**distance)


def _html(sample: str) -> SafeString:
    return mark_safe(sample)  # noqa: S308  # written above
