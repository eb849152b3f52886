"""What Minamo Keisoku sells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    code: str
    name: str
    category: str
    price: int
    stock: int
    description: str
    name_abroad: str


PRODUCTS = (
    Product("TL-100", "温度ロガー TL-100", "Hardware", 12_800, 420, "USB接続の単体型。-30〜70℃、16,000点を本体に記録します。", "TL-100 temperature logger"),
    Product("TL-200", "温度ロガー TL-200", "Hardware", 24_800, 310, "920MHz帯無線の標準機。電池で約2年動き、ゲートウェイ経由でクラウドへ送ります。", "TL-200 temperature logger"),
    Product("TH-300", "温湿度ロガー TH-300", "Hardware", 32_500, 180, "温度と相対湿度を同時に測ります。HACCP・GDPの記録に。", "TH-300 temperature and humidity logger"),
    Product("CL-400", "CO2ロガー CL-400", "Hardware", 58_000, 64, "CO2・温度・湿度の3要素。栽培施設、培養室、教室向け。", "CL-400 CO2 logger"),
    Product("PB-80", "超低温プローブ PB-80", "Hardware", 18_600, 95, "-86℃までの超低温フリーザー用。ケーブル長3m。", "PB-80 ultra-low temperature probe"),
    Product("GW-10", "ゲートウェイ GW-10", "Hardware", 46_000, 130, "有線LAN接続。ロガーを64台まで収容します。", "GW-10 gateway"),
    Product("GW-20", "ゲートウェイ GW-20 LTE", "Hardware", 68_000, 72, "SIM内蔵。LANのない倉庫や車両に。", "GW-20 LTE gateway"),
    Product("RP-5", "中継器 RP-5", "Hardware", 15_400, 150, "電波の届きにくい冷蔵室や金属棚の奥に置く中継器です。", "RP-5 repeater"),
    Product("CM-ST", "クラウド監視プラン スタンダード", "CRM Applications", 1_200, 0, "ロガー1台あたり月額。データ保存13か月、メール通知。", "Cloud Monitoring, Standard plan"),
    Product("CM-PR", "クラウド監視プラン プレミアム", "CRM Applications", 2_400, 0, "ロガー1台あたり月額。データ保存10年、電話通知、API、監査証跡。", "Cloud Monitoring, Premium plan"),
    Product("CAL-1", "校正サービス", "Service", 14_500, 0, "国家標準にトレーサブルな3点校正と校正証明書の発行。", "Calibration service"),
    Product("INS-1", "設置・初期設定サービス", "Service", 85_000, 0, "現地での電波測定、設置、警報の設定、操作説明を行います。", "Installation service"),
)  # fmt: skip
BY_CODE = {product.code: product for product in PRODUCTS}
